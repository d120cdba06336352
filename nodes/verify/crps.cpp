#include "nodes/verify/crps.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <vector>

#include "graph/error.h"
#include "nodes/verify/missing.h"
#include "nodes/verify/normal_distribution.h"

namespace ladcast {
namespace {

struct Deviation {
  double value;  // of the member from the truth
  double weight;
};

// Half the mean difference is sum_i v_i d_(i) (V_{i-1} + V_i - V_M) / V_M^2 of the sorted
// deviations, V_i being the sum of the first i weights: one pass instead of all pairs.
double crps_of(std::vector<Deviation> deviations, CrpsEstimator estimator) {
  std::erase_if(deviations, [](const Deviation& each) {
    return std::isnan(each.value) || std::isnan(each.weight) || each.weight == 0.0;
  });
  const std::size_t least = estimator == CrpsEstimator::fair ? 2 : 1;
  if (deviations.size() < least) return kMissingScore;
  std::sort(deviations.begin(), deviations.end(),
            [](const Deviation& a, const Deviation& b) { return a.value < b.value; });
  double total = 0.0, squares = 0.0;
  for (const auto& [value, weight] : deviations) {
    total += weight;
    squares += weight * weight;
  }
  double error = 0.0, half_spread = 0.0, before = 0.0;
  for (const auto& [value, weight] : deviations) {
    error += weight * std::abs(value);
    half_spread += weight * value * (2.0 * before + weight - total);
    before += weight;
  }
  const double pairs = estimator == CrpsEstimator::fair ? total * total - squares : total * total;
  return error / total - half_spread / pairs;
}

// The mean of max(direction (x - y), 0).
double one_sided_error(std::span<const double> members, double truth, double direction) {
  const auto valid = valid_members(members);
  if (valid.empty() || std::isnan(truth)) return kMissingScore;
  double sum = 0.0;
  for (const double member : valid) sum += std::max(direction * (member - truth), 0.0);
  return sum / static_cast<double>(valid.size());
}

}  // namespace

double crps(std::span<const double> members, double truth, CrpsEstimator estimator) {
  std::vector<Deviation> deviations;
  for (const double member : members) deviations.push_back({member - truth, 1.0});
  return crps_of(std::move(deviations), estimator);
}

double weighted_crps(std::span<const double> members, std::span<const double> weights, double truth,
                     CrpsEstimator estimator) {
  std::vector<Deviation> deviations;
  for (std::size_t i = 0; i < members.size(); ++i)
    deviations.push_back({members[i] - truth, weights[i]});
  return crps_of(std::move(deviations), estimator);
}

double crps_overforecast(std::span<const double> members, double truth) {
  return one_sided_error(members, truth, 1.0);
}

double crps_underforecast(std::span<const double> members, double truth) {
  return one_sided_error(members, truth, -1.0);
}

double threshold_weighted_crps(std::span<const double> members, double truth,
                               const ValueRange& range, CrpsEstimator estimator) {
  if (range.lower > range.upper)
    fail("the lower limit {} of a threshold-weighted CRPS is above the upper limit {}", range.lower,
         range.upper);
  const auto clip = [&](double value) { return std::clamp(value, range.lower, range.upper); };
  std::vector<double> clipped;
  for (const double member : members) clipped.push_back(clip(member));
  return crps(clipped, clip(truth), estimator);
}

double gaussian_crps(double mean, double standard_deviation, double truth) {
  if (std::isnan(standard_deviation) || standard_deviation < 0.0) return kMissingScore;
  if (standard_deviation == 0.0) return std::abs(truth - mean);
  const double z = (truth - mean) / standard_deviation;
  return standard_deviation *
         (z * (2.0 * normal_cdf(z) - 1.0) + 2.0 * normal_density(z) - std::numbers::inv_sqrtpi);
}

double value_at(std::span<const double> sorted, double place) {
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return std::lerp(sorted[below], sorted[above], place - static_cast<double>(below));
}

double sample_quantile(std::span<const double> members, double tau) {
  auto sorted = valid_members(members);
  if (sorted.empty() || !(tau >= 0.0 && tau <= 1.0)) return kMissingScore;
  std::sort(sorted.begin(), sorted.end());
  return value_at(sorted, tau * static_cast<double>(sorted.size() - 1));
}

double quantile_score(double quantile, double truth, double tau) {
  return (truth - quantile) * (tau - (truth < quantile ? 1.0 : 0.0));
}

}  // namespace ladcast
