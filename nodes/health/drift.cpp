#include "nodes/health/drift.h"

#include <algorithm>
#include <cmath>

#include "nodes/health/limits.h"

namespace ladcast {
namespace {

constexpr const char* kMean =
    "The global mean leaves the climate: use the forecast up to the lead where it began, and look "
    "at the statistics that scale latents and fields.";
constexpr const char* kDeviation =
    "The contrast over the globe grows or fades: use the forecast up to the lead where it began, "
    "and look at the scaling of latents and fields.";

}  // namespace

void check_drift(const HealthInput& input, HealthChecks& checks) {
  const Grid& grid = input.grid();
  for (std::size_t channel = 0; channel < input.channels().size(); ++channel) {
    const auto analysis = global_moments(grid, input.analysis->map(0, 0, channel));
    const auto reference = global_moments(grid, input.reference().map(0, 0, channel));
    const auto members = member_maps(input, channel);
    double mean = 0, variance = 0;
    for (const auto& member : members) {
      const auto moments = global_moments(grid, member.values);
      mean += moments.mean / static_cast<double>(members.size());
      variance += moments.standard_deviation * moments.standard_deviation /
                  static_cast<double>(members.size());
    }
    const double climate = input.climatology == nullptr
                               ? analysis.mean
                               : global_moments(grid, input.climatology->map(0, 0, channel)).mean;
    const double outside =
        mean - std::clamp(mean, std::min(analysis.mean, climate), std::max(analysis.mean, climate));
    const auto add = [&](const char* measure, double value, const Limits& limits,
                         const char* advice) {
      checks.push_back(
          judged(new_check(input, Signature::drift, measure, input.channels()[channel]), value,
                 limits, advice));
    };
    add("global mean", outside / analysis.standard_deviation,
        input.climatology == nullptr ? within(0.2, 0.4) : within(0.12, 0.25), kMean);
    const double s = 0.12 * natural_change(input.lead_hours());
    add("global standard deviation", std::sqrt(variance) / reference.standard_deviation,
        within_factor(std::exp(4 * s), std::exp(6 * s)), kDeviation);
  }
}

}  // namespace ladcast
