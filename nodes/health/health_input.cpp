#include "nodes/health/health_input.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "graph/error.h"
#include "nodes/verify/latitude_weights.h"

namespace ladcast {
namespace {

void require_same(const Fields& fields, const Fields& analysis, const char* name) {
  if (fields.grid != analysis.grid)
    fail("the {} is on a grid of {} x {} points, the analysis on one of {} x {} or elsewhere", name,
         fields.grid.rows(), fields.grid.columns(), analysis.grid.rows(), analysis.grid.columns());
  if (fields.channels != analysis.channels)
    fail("the {} and the analysis have other channels or units, or another order of them", name);
  if (fields.normalised) fail("the {} is normalised; its health is that of physical values", name);
}

}  // namespace

std::vector<MemberMap> member_maps(const HealthInput& input, std::size_t channel) {
  std::vector<MemberMap> maps;
  for (const Fields* batch : input.batches)
    for (std::size_t member = 0; member < batch->members.size(); ++member)
      maps.push_back({batch->members[member], batch->map(member, 0, channel)});
  return maps;
}

void require_comparable(const HealthInput& input) {
  require_same(*input.analysis, *input.analysis, "analysis");
  for (const Fields* batch : input.batches) require_same(*batch, *input.analysis, "forecast");
  if (input.truth != nullptr) require_same(*input.truth, *input.analysis, "truth");
  if (input.climatology != nullptr)
    require_same(*input.climatology, *input.analysis, "climatology");
}

HealthCheck new_check(const HealthInput& input, Signature signature, const char* measure,
                      const Channel& channel) {
  HealthCheck check;
  check.init = input.analysis->init;
  check.lead_hours = input.lead_hours();
  check.signature = signature;
  check.measure = measure;
  check.channel = channel;
  return check;
}

std::vector<double> shared_weights(const Grid& grid,
                                   std::initializer_list<std::span<const float>> maps) {
  const auto of_rows = latitude_weights(grid.latitude, LatitudeWeighting::area);
  std::vector<double> weights(grid.points());
  for (std::size_t point = 0; point < weights.size(); ++point)
    weights[point] = of_rows[point / grid.columns()];
  for (const auto& map : maps)
    for (std::size_t point = 0; point < weights.size(); ++point)
      if (!std::isfinite(map[point])) weights[point] = 0;
  return weights;
}

GlobalMoments global_moments(std::span<const double> weights, std::span<const float> map) {
  // About a first value, so that squares of large means do not swamp small variances.
  const auto first =
      std::find_if(map.begin(), map.end(), [](float value) { return std::isfinite(value); });
  const double origin = first == map.end() ? 0.0 : *first;
  double sum = 0, squares = 0, total = 0;
  for (std::size_t point = 0; point < map.size(); ++point) {
    if (!std::isfinite(map[point])) continue;
    const double value = map[point] - origin;
    total += weights[point];
    sum += weights[point] * value;
    squares += weights[point] * value * value;
  }
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  if (total == 0) return {kNone, kNone};
  const double mean = sum / total;
  return {origin + mean, std::sqrt(std::max(0.0, squares / total - mean * mean))};
}

GlobalMoments global_moments(const Grid& grid, std::span<const float> map) {
  return global_moments(shared_weights(grid, {map}), map);
}

std::optional<std::size_t> find_channel(const std::vector<Channel>& channels, const char* name,
                                        std::optional<int> level) {
  for (std::size_t i = 0; i < channels.size(); ++i)
    if (channels[i].name == name && channels[i].level == level) return i;
  return {};
}

}  // namespace ladcast
