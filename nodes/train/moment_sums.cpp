#include "nodes/train/moment_sums.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "graph/error.h"

namespace ladcast {

MomentSums MomentSums::of(std::span<const float> map, std::span<const double> row_weights) {
  const auto pivot = std::find_if(map.begin(), map.end(), [](float x) { return std::isfinite(x); });
  if (pivot == map.end()) return {};
  const std::size_t columns = row_weights.empty() ? map.size() : map.size() / row_weights.size();
  const auto over_all = [&](auto term) {
    double sum = 0.0;
    for (std::size_t i = 0; i < map.size(); ++i) {
      if (!std::isfinite(map[i])) continue;
      sum += term(static_cast<double>(map[i])) *
             (row_weights.empty() ? 1.0 : row_weights[i / columns]);
    }
    return sum;
  };
  // Relative to one of the values, so that equal values have exactly no deviation.
  const auto origin = static_cast<double>(*pivot);
  MomentSums sums;
  sums.weight = over_all([](double) { return 1.0; });
  sums.mean = origin + over_all([&](double x) { return x - origin; }) / sums.weight;
  sums.squares = over_all([&](double x) { return (x - sums.mean) * (x - sums.mean); });
  return sums;
}

void MomentSums::add(const MomentSums& part) {
  if (part.weight == 0.0) return;
  if (weight == 0.0) {
    *this = part;
    return;
  }
  const double both = weight + part.weight, difference = part.mean - mean;
  mean += difference * (part.weight / both);
  squares += part.squares + difference * difference * (weight * (part.weight / both));
  weight = both;
}

double MomentSums::deviation() const { return std::sqrt(squares / weight); }

Moments moments_of(std::span<const MomentSums> sums, std::span<const std::string> names) {
  Moments moments;
  std::string unusable;
  for (std::size_t i = 0; i < sums.size(); ++i) {
    moments.mean.push_back(sums[i].mean);
    moments.std.push_back(sums[i].deviation());
    if (sums[i].weight == 0.0)
      unusable += fmt::format("\n  {} is missing at all points and times", names[i]);
    else if (sums[i].squares == 0.0)
      unusable += fmt::format("\n  {} is {:g} everywhere and always", names[i], sums[i].mean);
  }
  if (unusable.empty()) return moments;
  fail("channels without a deviation cannot be normalised; leave them out, or mend the data:{}",
       unusable);
}

}  // namespace ladcast
