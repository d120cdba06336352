// The mean of a statistic over a region.
#pragma once

#include <cmath>
#include <cstddef>
#include <numeric>
#include <span>

#include "nodes/verify/missing.h"

namespace ladcast {

struct RegionalMean {
  double value = kMissingScore;  // NaN where there is no point
  double weight = 0.0;           // part of the region's that was used, 0 to 1
  std::size_t points = 0;        // used
};

/// Over the points at which the statistic is there (not NaN). Requires: a weight by point.
inline RegionalMean regional_mean(std::span<const double> statistic,
                                  std::span<const double> weights) {
  double sum = 0.0, used = 0.0;
  std::size_t points = 0;
  for (std::size_t point = 0; point < statistic.size(); ++point) {
    if (!(weights[point] > 0.0) || std::isnan(statistic[point])) continue;
    sum += weights[point] * statistic[point];
    used += weights[point];
    ++points;
  }
  if (points == 0) return {};
  return {sum / used, used / std::accumulate(weights.begin(), weights.end(), 0.0), points};
}

}  // namespace ladcast
