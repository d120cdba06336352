#include "nodes/health/drift.h"

#include <algorithm>
#include <cmath>

#include "nodes/health/limits.h"

namespace ladcast {
namespace {

constexpr const char* kMean =
    "The global mean leaves the climate: use the forecast up to the lead where it began, and look "
    "at the statistics that scale latents and fields.";
constexpr const char* kOneMember =
    "One member leaves the others: leave it out of the ensemble from the lead where it began, and "
    "look at its noise and, if it was read from a file, at its file.";
constexpr const char* kDeviation =
    "The contrast over the globe grows or fades: use the forecast up to the lead where it began, "
    "and look at the scaling of latents and fields.";

void add_worst_member(const HealthInput& input, std::size_t channel,
                      const std::vector<double>& means, double sigma, HealthChecks& checks) {
  auto sorted = means;
  const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
  std::nth_element(sorted.begin(), middle, sorted.end());
  const auto worst = std::max_element(means.begin(), means.end(), [&](double a, double b) {
    return std::abs(a - *middle) < std::abs(b - *middle);
  });
  auto check =
      new_check(input, Signature::drift, "global mean in standard deviations, worst member",
                input.channels()[channel]);
  check.where = "from the members' median";
  check.member =
      member_maps(input, channel)[static_cast<std::size_t>(worst - means.begin())].number;
  const double natural = natural_change(input.lead_hours());
  checks.push_back(judged(std::move(check), (*worst - *middle) / sigma,
                          within(0.12 * natural, 0.25 * natural), kOneMember));
}

}  // namespace

void check_drift(const HealthInput& input, HealthChecks& checks) {
  const Grid& grid = input.grid();
  for (std::size_t channel = 0; channel < input.channels().size(); ++channel) {
    const auto analysed = input.analysis->map(0, 0, channel);
    const auto referred = input.reference().map(0, 0, channel);
    const auto expected =
        input.climatology == nullptr ? analysed : input.climatology->map(0, 0, channel);
    const auto weights = shared_weights(grid, {analysed, referred, expected});
    const auto moments_of = [&](std::span<const float> map) {
      return global_moments(weights, map);
    };
    const auto analysis = moments_of(analysed);
    const auto members = member_maps(input, channel);
    double mean = 0, variance = 0;
    std::vector<double> means;
    for (const auto& member : members) {
      const auto moments = moments_of(member.values);
      means.push_back(moments.mean);
      mean += moments.mean / static_cast<double>(members.size());
      variance += moments.standard_deviation * moments.standard_deviation /
                  static_cast<double>(members.size());
    }
    const double climate = moments_of(expected).mean;
    const double outside =
        mean - std::clamp(mean, std::min(analysis.mean, climate), std::max(analysis.mean, climate));
    const auto add = [&](const char* measure, double value, const Limits& limits,
                         const char* advice) {
      checks.push_back(
          judged(new_check(input, Signature::drift, measure, input.channels()[channel]), value,
                 limits, advice));
    };
    add("global mean in standard deviations", outside / analysis.standard_deviation,
        input.climatology == nullptr ? within(0.2, 0.4) : within(0.12, 0.25), kMean);
    if (members.size() >= 3)
      add_worst_member(input, channel, means, analysis.standard_deviation, checks);
    const double s = 0.12 * natural_change(input.lead_hours());
    add("global standard deviation", std::sqrt(variance) / moments_of(referred).standard_deviation,
        within_factor(std::exp(4 * s), std::exp(6 * s)), kDeviation);
  }
}

}  // namespace ladcast
