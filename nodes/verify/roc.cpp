#include "nodes/verify/roc.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

#include "graph/error.h"

namespace ladcast {
namespace {

// Of `sorted` probabilities, the part that is at least `threshold`.
double part_from(const std::vector<double>& sorted, double threshold) {
  const auto first = std::lower_bound(sorted.begin(), sorted.end(), threshold);
  return static_cast<double>(sorted.end() - first) / static_cast<double>(sorted.size());
}

}  // namespace

double RocCurve::area() const {
  double area = 0.0;
  for (std::size_t i = 1; i < pod.size(); ++i)
    area += 0.5 * (pod[i - 1] + pod[i]) * (pofd[i - 1] - pofd[i]);
  return area;
}

RocCurve roc_curve(std::span<const double> probabilities, std::span<const double> outcomes,
                   std::vector<double> thresholds) {
  if (probabilities.size() != outcomes.size())
    fail("{} probabilities cannot be compared with {} outcomes", probabilities.size(),
         outcomes.size());
  std::vector<double> with_event, without;
  for (std::size_t i = 0; i < probabilities.size(); ++i)
    if (!std::isnan(probabilities[i]) && !std::isnan(outcomes[i]))
      (outcomes[i] != 0.0 ? with_event : without).push_back(probabilities[i]);
  std::sort(with_event.begin(), with_event.end());
  std::sort(without.begin(), without.end());

  RocCurve curve{std::move(thresholds), {}, {}};
  if (curve.thresholds.empty()) {
    std::merge(with_event.begin(), with_event.end(), without.begin(), without.end(),
               std::back_inserter(curve.thresholds));
    curve.thresholds.erase(std::unique(curve.thresholds.begin(), curve.thresholds.end()),
                           curve.thresholds.end());
  }
  std::sort(curve.thresholds.begin(), curve.thresholds.end());
  if (curve.thresholds.empty() || curve.thresholds.front() > 0.0)
    curve.thresholds.insert(curve.thresholds.begin(), 0.0);
  curve.thresholds.push_back(std::numeric_limits<double>::infinity());
  for (const double threshold : curve.thresholds) {
    curve.pod.push_back(part_from(with_event, threshold));
    curve.pofd.push_back(part_from(without, threshold));
  }
  return curve;
}

}  // namespace ladcast
