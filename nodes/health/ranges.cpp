#include "nodes/health/ranges.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "nodes/health/limits.h"

namespace ladcast {
namespace {

constexpr const char* kNegative =
    "Values below zero come from the networks: set clip of denormalise for this variable, or leave "
    "it out of budgets.";
constexpr const char* kUnstable =
    "Layers are warmer below than air can be: temperature and geopotential do not belong together, "
    "do not derive stability from them.";
constexpr const char* kWind =
    "No such wind is known: look at this member's first leads and at the scaling of the wind.";

// Part of the area at whose points something holds, 0 to 1.
template <class Holds>
double share(std::span<const double> weights, const Holds& holds) {
  double sum = 0, total = 0;
  for (std::size_t point = 0; point < weights.size(); ++point) {
    total += weights[point];
    if (holds(point)) sum += weights[point];
  }
  return sum / total;
}

// A measure of the maps of one member in its Fields.
using Measure = std::function<double(const Fields& fields, std::size_t member)>;

double mean_over_members(const HealthInput& input, const Measure& measure) {
  double sum = 0, count = 0;
  for (const Fields* batch : input.batches)
    for (std::size_t member = 0; member < batch->members.size(); ++member) {
      sum += measure(*batch, member);
      ++count;
    }
  return sum / count;
}

// The highest of the members, and whose it is.
struct Worst {
  double value = 0;
  std::optional<int> member;
};
Worst worst_member(const HealthInput& input, const Measure& measure) {
  Worst worst;
  for (const Fields* batch : input.batches)
    for (std::size_t member = 0; member < batch->members.size(); ++member) {
      const double value = measure(*batch, member);
      if (!worst.member || value > worst.value) worst = {value, batch->members[member]};
    }
  return worst;
}

// Members' mean of the area below `lowest`, less that of the analysis.
void check_negative(const HealthInput& input, std::size_t channel, const char* measure,
                    double lowest, HealthChecks& checks) {
  const auto weights = shared_weights(input.grid(), {});
  const auto below = [&](const Fields& fields, std::size_t member) {
    const auto map = fields.map(member, 0, channel);
    return share(weights, [&](std::size_t point) { return map[point] < lowest; });
  };
  const double value = mean_over_members(input, below) - below(*input.analysis, 0);
  checks.push_back(judged(new_check(input, Signature::range, measure, input.channels()[channel]),
                          value, at_most(0.01, 0.1), kNegative));
}

void check_layer(const HealthInput& input, int upper, int lower, HealthChecks& checks) {
  const auto& channels = input.channels();
  const auto t_above = find_channel(channels, "temperature", upper);
  const auto t_below = find_channel(channels, "temperature", lower);
  const auto z_above = find_channel(channels, "geopotential", upper);
  const auto z_below = find_channel(channels, "geopotential", lower);
  if (!t_above || !t_below || !z_above || !z_below) return;
  constexpr double kGravity = 9.80665, kSteepest = 10.26e-3;  // m s-2, K m-1
  const auto weights = shared_weights(input.grid(), {});
  const auto unstable = [&](const Fields& fields, std::size_t member) {
    const auto ta = fields.map(member, 0, *t_above), tb = fields.map(member, 0, *t_below);
    const auto za = fields.map(member, 0, *z_above), zb = fields.map(member, 0, *z_below);
    return share(weights, [&](std::size_t i) {
      return (tb[i] - ta[i]) * kGravity > kSteepest * (za[i] - zb[i]);
    });
  };
  auto check =
      new_check(input, Signature::range, "share of superadiabatic layers", channels[*t_below]);
  check.where = fmt::format("{} to {} hPa", upper, lower);
  const double value = mean_over_members(input, unstable) - unstable(*input.analysis, 0);
  checks.push_back(judged(std::move(check), value, at_most(0.005, 0.05), kUnstable));
}

void check_layers(const HealthInput& input, HealthChecks& checks) {
  std::vector<int> levels;
  for (const auto& channel : input.channels())
    if (channel.name == "temperature" && channel.level) levels.push_back(*channel.level);
  std::sort(levels.begin(), levels.end());
  for (std::size_t i = 1; i < levels.size(); ++i)
    check_layer(input, levels[i - 1], levels[i], checks);
}

void check_wind(const HealthInput& input, std::size_t eastward, std::size_t northward,
                HealthChecks& checks) {
  const Worst worst = worst_member(input, [&](const Fields& fields, std::size_t member) {
    const auto u = fields.map(member, 0, eastward), v = fields.map(member, 0, northward);
    double strongest = 0;
    for (std::size_t i = 0; i < u.size(); ++i)
      strongest =
          std::max(strongest, static_cast<double>(u[i]) * u[i] + static_cast<double>(v[i]) * v[i]);
    return std::sqrt(strongest);
  });
  auto check = new_check(input, Signature::range, "strongest wind", input.channels()[eastward]);
  check.member = worst.member;
  checks.push_back(judged(std::move(check), worst.value, at_most(150, 150), kWind));
}

}  // namespace

void check_ranges(const HealthInput& input, HealthChecks& checks) {
  const auto& channels = input.channels();
  for (std::size_t i = 0; i < channels.size(); ++i) {
    const std::string& name = channels[i].name;
    if (name == "specific_humidity") {
      const auto analysis = global_moments(input.grid(), input.analysis->map(0, 0, i));
      check_negative(input, i, "share below -0.02 standard deviations",
                     -0.02 * analysis.standard_deviation, checks);
    }
    if (name.starts_with("total_precipitation"))
      check_negative(input, i, "share below -0.1 mm", -1e-4, checks);
    for (const auto& [u, v] : {std::pair{"u_component_of_wind", "v_component_of_wind"},
                               std::pair{"10m_u_component_of_wind", "10m_v_component_of_wind"}}) {
      const auto northward = find_channel(channels, v, channels[i].level);
      if (name == u && northward) check_wind(input, i, *northward, checks);
    }
  }
  check_layers(input, checks);
}

}  // namespace ladcast
