// Channels that follow point by point from other channels.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "nodes/values/fields.h"

namespace ladcast {

struct Derived {
  Channel channel;
  std::vector<std::size_t> from;  // positions of the channels that the formula takes, at most 3
  float (*formula)(std::span<const float> values);  // NaN in, NaN out
};

/// The position of the channel with this name and level; -1 where there is none. Throws Error where
/// it has other units.
int find_channel(const std::vector<Channel>& channels, const Channel& wanted);

/// The derived channels, after those of `fields` where `keep`.
std::vector<Channel> derived_channels(const std::vector<Channel>& channels,
                                      const std::vector<Derived>& derived, bool keep);
Fields derive(const Fields& fields, const std::vector<Derived>& derived, bool keep);

}  // namespace ladcast
