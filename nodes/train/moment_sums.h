// Mean and standard deviation of many values that come in parts, in double: two passes over each
// part, and parts merged by Chan, Golub and LeVeque (1979), Updating formulae and a pairwise
// algorithm for computing sample variances.
#pragma once

#include <span>
#include <string>

#include "nodes/values/moments.h"

namespace ladcast {

struct MomentSums {
  double weight = 0.0;   // sum of the values' weights; their number where all weigh alike
  double mean = 0.0;     // 0 where there is no value
  double squares = 0.0;  // weighted sum of squared deviations from the mean; exactly 0 where all
                         // values are equal

  /// Of a map's values, row by row, without those that are not finite. `row_weights` has one weight
  /// for each row, or is empty where all points count alike. Requires: rows of equal length.
  static MomentSums of(std::span<const float> map, std::span<const double> row_weights = {});

  /// The order of parts decides the last bits.
  void add(const MomentSums& part);

  /// Of the population: the root of squares / weight, NaN where there is no value.
  double deviation() const;
};

/// The moments of each channel. Throws one Error that names every channel without a value, and
/// every one whose values are all equal, which no network can be given.
Moments moments_of(std::span<const MomentSums> sums, std::span<const std::string> names);

}  // namespace ladcast
