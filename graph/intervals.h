// Sets of time as sorted disjoint intervals.
#pragma once

#include <vector>

namespace ladcast {

struct Interval {
  double begin = 0.0;
  double end = 0.0;
};

/// The union of intervals in any order.
std::vector<Interval> unite(std::vector<Interval> intervals);

double length(const std::vector<Interval>& intervals);

/// Length of what two sets share. Requires: both from unite().
double overlap(const std::vector<Interval>& a, const std::vector<Interval>& b);

}  // namespace ladcast
