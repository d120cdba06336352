#include "nodes/health/frozen.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "nodes/health/limits.h"

namespace ladcast {
namespace {

constexpr const char* kSinceAnalysis = "change since the analysis in standard deviations";
constexpr const char* kPersistence =
    "The map is still that of the analysis: look that this channel is not copied from the input, "
    "and that each lead reads its own field.";
constexpr const char* kStuck =
    "The map is that of the lead before, again: look that each lead writes and reads its own "
    "field, and whether the rollout gives the same latents again.";

double distance(std::span<const double> weights, std::span<const float> a,
                std::span<const float> b) {
  double sum = 0, total = 0;
  for (std::size_t point = 0; point < weights.size(); ++point) {
    if (weights[point] == 0) continue;
    const double difference = static_cast<double>(a[point]) - b[point];
    sum += weights[point] * difference * difference;
    total += weights[point];
  }
  return std::sqrt(sum / total);
}

}  // namespace

void check_frozen(const HealthInput& input, HealthChecks& checks) {
  for (std::size_t channel = 0; channel < input.channels().size(); ++channel) {
    if (input.channels()[channel].name == "sea_surface_temperature") continue;
    const auto analysis = input.analysis->map(0, 0, channel);
    const auto weights =
        shared_weights(input.grid(), {analysis, input.reference().map(0, 0, channel)});
    const double sigma = global_moments(weights, analysis).standard_deviation;
    const auto members = member_maps(input, channel);
    auto check = new_check(input, Signature::frozen, kSinceAnalysis, input.channels()[channel]);
    double least = std::numeric_limits<double>::quiet_NaN();
    for (const auto& member : members) {
      const double change = distance(weights, member.values, analysis) / sigma;
      if (!(change >= least)) {
        least = change;
        if (members.size() > 1) check.member = member.number;
      }
    }
    const double natural = natural_change(input.lead_hours());
    double warn = 0.01 * natural;
    if (input.truth != nullptr)
      warn = std::min(warn,
                      0.25 * distance(weights, input.truth->map(0, 0, channel), analysis) / sigma);
    checks.push_back(judged(std::move(check), least, at_least(warn, 0.2 * warn), kPersistence));
  }
}

HealthChecks check_frozen_over_leads(const HealthChecks& checks) {
  std::map<std::pair<std::string, std::optional<int>>, const HealthCheck*> before;
  HealthChecks stuck;
  for (const auto& check : checks) {
    if (check.signature != Signature::frozen || check.measure != kSinceAnalysis) continue;
    const HealthCheck*& last = before[{check.channel.name, check.channel.level}];
    if (last != nullptr && last->member == check.member && last->value > 0) {
      HealthCheck change = check;
      change.measure = "change since the lead before";
      change.verdict = Verdict::ok;
      change.advice.clear();
      stuck.push_back(judged(std::move(change), std::abs(check.value / last->value - 1),
                             at_least(1e-9, 1e-9), kStuck));
    }
    last = &check;
  }
  return stuck;
}

}  // namespace ladcast
