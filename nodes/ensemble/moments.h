// Mean and standard deviation over the members of an ensemble, folded batch by batch.
#pragma once

#include <vector>

#include "nodes/values/fields.h"

namespace ladcast {

/// Updated member by member after Welford (1962, doi:10.1080/00401706.1962.10490022), in double
/// precision, so the result does not depend on how members are split into batches. Missing members
/// (NaN) are left out at each point.
class MemberMoments {
 public:
  /// Adds the members of `batch`. Throws Error where grid, channels, times or scaling differ from
  /// what was added before.
  void add(const Fields& batch);

  /// One member {0}; missing where all members are. Requires: add() was called.
  Fields mean() const;

  /// Over M - 1; missing where there are fewer than two members. Requires: add() was called.
  Fields standard_deviation() const;

  /// Memory held for members of `values` values each.
  static std::size_t bytes(std::size_t values) { return values * sizeof(Point); }

 private:
  struct Point {
    double mean = 0.0;
    double square = 0.0;  // sum of (x - mean)^2
    int members = 0;
  };

  Fields like(Statistic::Kind kind) const;

  Fields like_;  // without values
  std::vector<Point> points_;
};

}  // namespace ladcast
