// The values of all members of an ensemble, gathered batch by batch, for statistics that need every
// member at once.
#pragma once

#include <vector>

#include "nodes/values/fields.h"

namespace ladcast {

class MemberValues {
 public:
  /// Adds the members of `batch`. Throws Error where grid, channels, times or scaling differ from
  /// what was added before.
  void add(const Fields& batch);

  /// At each point, for each of `percentiles` (0 to 100), the value that this part of the members
  /// does not exceed. Between the members in ascending order x_1 … x_n it is linear: the value of
  /// percentile p is that at position 1 + (n - 1) p / 100. This is type 7 of Hyndman and Fan (1996,
  /// doi:10.1080/00031305.1996.10473566), which NumPy calls "linear". Missing members (NaN) are
  /// left out at each point; where all are, the result is missing.
  ///
  /// One member {0} with the channels of the first percentile, then those of the second, …
  /// Requires: add() was called.
  Fields percentiles(const std::vector<double>& percentiles) const;

 private:
  Fields like_;                              // without values
  std::vector<std::vector<float>> members_;  // in order of their numbers
};

/// The value of percentile `p` among `ascending`, which is not empty.
float percentile(const std::vector<float>& ascending, double p);

}  // namespace ladcast
