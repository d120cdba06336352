// What a file of fields holds, in the terms of a model.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "graph/time.h"
#include "nodes/values/model.h"

namespace ladcast {

/// What there is of one channel.
struct Holding {
  std::string read_from;  // the channel's own variable, or one that becomes it by a factor
  std::set<Time> times;   // valid ones
  std::set<int> members;  // {0} where there is no ensemble
  std::string grid;       // in words
};

/// What there is of a channel. Throws Error with why there is nothing.
using FindHolding = std::function<Holding(const Channel&)>;

/// The channels of `model` that are there, with levels, times, members and grids, those that can be
/// derived of what is there, and those that are missing, with why. Several lines.
std::string describe_holdings(const Model& model, const FindHolding& find);

}  // namespace ladcast
