#include "nodes/verify/extremes.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <vector>

#include "graph/error.h"
#include "nodes/verify/crps.h"
#include "nodes/verify/missing.h"

namespace ladcast {
namespace {

// A = arccos(sqrt p) and B = sqrt(p (1 - p)) at evenly spaced p from 0 to 1.
struct Arcs {
  std::vector<double> a, b;

  explicit Arcs(std::size_t values) {
    for (std::size_t i = 0; i < values; ++i) {
      const double p = static_cast<double>(i) / static_cast<double>(values - 1);
      a.push_back(std::acos(std::sqrt(p)));
      b.push_back(std::sqrt(p * (1.0 - p)));
    }
  }
};

// Kept from call to call: they would take most of the time.
const Arcs& arcs_of(std::size_t values) {
  thread_local Arcs arcs(values);
  if (arcs.a.size() != values) arcs = Arcs(values);
  return arcs;
}

}  // namespace

// The integral over one interval of the linear F is (2 F_i - 1) dA + ((1 - 2 p_i) dA + dB) dF/dp
// - dB, and at most -dA - dB, where F is 0.
double extreme_forecast_index(std::span<const double> climate, std::span<const double> members,
                              double eps) {
  auto sorted = valid_members(members);
  const bool gap =
      std::any_of(climate.begin(), climate.end(), [](double value) { return std::isnan(value); });
  if (sorted.empty() || gap || climate.size() < 2) return kMissingScore;
  std::sort(sorted.begin(), sorted.end());
  const auto part_to = [&](double value) {
    return static_cast<double>(std::upper_bound(sorted.begin(), sorted.end(), value) -
                               sorted.begin()) /
           static_cast<double>(sorted.size());
  };
  const auto intervals = static_cast<double>(climate.size() - 1);
  const auto& [a, b] = arcs_of(climate.size());
  double sum = 0.0, greatest = 0.0, next_part = part_to(climate[0]);
  for (std::size_t i = 0; i + 1 < climate.size(); ++i) {
    const double part = next_part;
    next_part = part_to(climate[i + 1]);
    if (eps > 0.0 && climate[i + 1] <= eps) continue;
    const double p = static_cast<double>(i) / intervals;
    const double da = a[i + 1] - a[i], db = b[i + 1] - b[i];
    const double slope = (next_part - part) * intervals;
    sum += (2.0 * part - 1.0) * da + ((1.0 - 2.0 * p) * da + db) * slope - db;
    greatest -= da + db;
  }
  if (eps <= 0.0) return sum * 2.0 / std::numbers::pi;
  return greatest > 0.0 ? sum / greatest : kMissingScore;
}

double shift_of_tails(std::span<const double> climate, std::span<const double> members,
                      int percentile, double eps) {
  if (percentile < 2 || percentile > 98 || percentile == 50)
    fail("the shift of tails has no percentile {}: give 2 to 49 or 51 to 98", percentile);
  if (climate.size() != 101)
    fail("the climate of a shift of tails has {} values, not the percentiles 0 to 100",
         climate.size());
  const auto dry_as_zero = [&](double value) { return eps > 0.0 && value < eps ? 0.0 : value; };
  std::vector<double> forecast;
  for (const double member : members) forecast.push_back(dry_as_zero(member));
  const double quantile = sample_quantile(forecast, percentile / 100.0);
  const double usual = dry_as_zero(climate[static_cast<std::size_t>(percentile)]);
  const double tail = climate[percentile > 50 ? 99 : 1];
  if (!(std::abs(tail - usual) > std::max(eps, 0.0))) return kMissingScore;
  return std::clamp((quantile - tail) / (tail - usual), -10.0, 10.0);
}

}  // namespace ladcast
