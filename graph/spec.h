// What a port carries, known without data: the static checks compare it and `plan` adds it up.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "graph/key.h"

namespace ladcast {

struct Spec {
  Axes axes;
  std::vector<std::string> channels;  // with level and unit: "geopotential 500 hPa [m2 s-2]"
  std::vector<std::size_t> shape;     // of one channel: rows, columns
  std::vector<std::vector<double>> coordinates;  // of these; empty where they are not known
  bool normalised = false;           // zero mean and unit variance instead of physical units
  std::size_t bytes = 0;             // of the largest payload
  std::vector<std::string> history;  // how the values came about, a line for each node on the way

  /// Why values of the two cannot be compared point by point; empty if they can.
  std::string difference(const Spec& other) const;
  bool same_content(const Spec& other) const { return difference(other).empty(); }
};

}  // namespace ladcast
