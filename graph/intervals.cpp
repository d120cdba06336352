#include "graph/intervals.h"

#include <algorithm>

namespace ladcast {

std::vector<Interval> unite(std::vector<Interval> intervals) {
  std::sort(intervals.begin(), intervals.end(),
            [](const Interval& a, const Interval& b) { return a.begin < b.begin; });
  std::vector<Interval> united;
  for (const Interval& interval : intervals)
    if (united.empty() || interval.begin > united.back().end)
      united.push_back(interval);
    else
      united.back().end = std::max(united.back().end, interval.end);
  return united;
}

double length(const std::vector<Interval>& intervals) {
  double sum = 0.0;
  for (const Interval& interval : intervals) sum += interval.end - interval.begin;
  return sum;
}

double overlap(const std::vector<Interval>& a, const std::vector<Interval>& b) {
  double sum = 0.0;
  for (auto left = a.begin(), right = b.begin(); left != a.end() && right != b.end();) {
    sum += std::max(0.0, std::min(left->end, right->end) - std::max(left->begin, right->begin));
    left->end < right->end ? ++left : ++right;
  }
  return sum;
}

}  // namespace ladcast
