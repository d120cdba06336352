#include "graph/spec.h"

#include <fmt/ranges.h>

#include <algorithm>

namespace ladcast {

std::string Spec::difference(const Spec& other) const {
  if (normalised != other.normalised)
    return normalised ? "normalised against physical values" : "physical against normalised values";
  if (shape != other.shape)
    return fmt::format("a grid of {} against one of {}", fmt::join(shape, " x "),
                       fmt::join(other.shape, " x "));
  for (const auto& channel : channels)
    if (std::find(other.channels.begin(), other.channels.end(), channel) == other.channels.end())
      return channel + " on one side only";
  for (const auto& channel : other.channels)
    if (std::find(channels.begin(), channels.end(), channel) == channels.end())
      return channel + " on one side only";
  return channels == other.channels ? "" : "the same channels in another order";
}

}  // namespace ladcast
