#include "graph/spec.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

namespace ladcast {
namespace {

/// Whether both are known and lie more than 0.001 degrees apart.
bool differ(const std::vector<std::vector<double>>& a, const std::vector<std::vector<double>>& b) {
  const auto close = [](double x, double y) { return std::abs(x - y) <= 1e-3; };
  return !a.empty() && !b.empty() &&
         !std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](const auto& x, const auto& y) {
           return std::equal(x.begin(), x.end(), y.begin(), y.end(), close);
         });
}

}  // namespace

std::string Spec::difference(const Spec& other) const {
  if (normalised != other.normalised)
    return normalised ? "normalised against physical values" : "physical against normalised values";
  if (shape != other.shape)
    return fmt::format("a grid of {} against one of {}", fmt::join(shape, " x "),
                       fmt::join(other.shape, " x "));
  if (differ(coordinates, other.coordinates)) return "grids of one size in different places";
  for (const auto& channel : channels)
    if (std::find(other.channels.begin(), other.channels.end(), channel) == other.channels.end())
      return channel + " on one side only";
  for (const auto& channel : other.channels)
    if (std::find(channels.begin(), channels.end(), channel) == channels.end())
      return channel + " on one side only";
  return channels == other.channels ? "" : "the same channels in another order";
}

}  // namespace ladcast
