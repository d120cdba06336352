#include "nodes/verify/whole_map_scores.h"

#include <algorithm>
#include <cmath>

#include "graph/error.h"
#include "nodes/verify/fractions_skill.h"
#include "nodes/verify/missing.h"
#include "nodes/verify/multivariate_scores.h"
#include "nodes/verify/regional_mean.h"

namespace ladcast {
namespace {

std::size_t points_with_weight(std::span<const double> weights) {
  return static_cast<std::size_t>(
      std::count_if(weights.begin(), weights.end(), [](double weight) { return weight > 0.0; }));
}

std::vector<double> inside(std::span<const float> map, std::span<const double> weights) {
  std::vector<double> values;
  for (std::size_t point = 0; point < map.size(); ++point)
    if (weights[point] > 0.0) values.push_back(static_cast<double>(map[point]));
  return values;
}

bool goes_around(const std::vector<double>& longitude) {
  constexpr double kTolerance = 1e-3;  // degrees
  if (longitude.size() < 2) return false;
  const double next = longitude.back() + longitude[1] - longitude[0];
  return std::abs(next - longitude[0] - 360.0) < kTolerance;
}

}  // namespace

std::vector<std::string> whole_map_scores() { return {"energy_fair", "variogram", "spectrum"}; }

WholeMapScorer::WholeMapScorer(const Grid& grid, const MapScorer& points)
    : points_(points), columns_(grid.columns()), periodic_(goes_around(grid.longitude)) {
  const ScoreSettings& settings = points.settings();
  if (settings.extra.contains("spectrum")) spectra_.emplace(grid, mid_latitude_rows(grid));
  for (const int reach : settings.neighbourhoods)
    if (periodic_ && 2 * static_cast<std::size_t>(std::max(reach, 0)) + 1 >= columns_)
      fail(
          "a neighbourhood that reaches {} points is {} wide, and the circle has {}: all points of "
          "a row would have one",
          reach, 2 * reach + 1, columns_);
  if (!settings.extra.contains("variogram")) return;
  for (std::size_t region = 0; region < points.regions().size(); ++region)
    if (const auto count = points_with_weight(points.weights(region)); count > kVariogramPoints)
      fail("the variogram score takes at most {} points, and region '{}' has {}; name a box",
           kVariogramPoints, points.regions()[region].name, count);
}

std::vector<RegionMapScore> WholeMapScorer::score(const Channel& channel,
                                                  std::span<const std::span<const float>> members,
                                                  std::span<const float> truth) const {
  const ScoreSettings& settings = points_.settings();
  std::vector<RegionMapScore> scores;
  for (std::size_t region = 0; region < points_.regions().size() && members.size() > 1; ++region) {
    const auto weights = points_.weights(region);
    const auto append = [&](const char* score, double value) {
      const std::size_t count = std::isnan(value) ? 0 : points_with_weight(weights);
      scores.push_back(
          {points_.regions()[region].name, {score, "", {}, value, count > 0 ? 1.0 : 0.0, count}});
    };
    if (settings.extra.contains("energy_fair"))
      append("energy_fair",
             map_energy_score(members, truth, weights, EnergyEstimator::fair).value());
    if (settings.extra.contains("variogram"))
      append("variogram", variogram(region, members, truth));
  }
  for (const Event& event : settings.events)
    if (event.is_about(channel)) append_fractions(scores, event, members, truth);
  return scores;
}

double WholeMapScorer::variogram(std::size_t region,
                                 std::span<const std::span<const float>> members,
                                 std::span<const float> truth) const {
  const auto weights = points_.weights(region);
  std::vector<std::vector<double>> values;
  for (const auto& member : members) values.push_back(inside(member, weights));
  const std::vector<std::span<const double>> spans(values.begin(), values.end());
  return variogram_score(spans, inside(truth, weights), {.fair = true});
}

void WholeMapScorer::append_fractions(std::vector<RegionMapScore>& scores, const Event& event,
                                      std::span<const std::span<const float>> members,
                                      std::span<const float> truth) const {
  if (points_.settings().neighbourhoods.empty() || members.empty()) return;
  const bool above = event.statistic.kind == Statistic::Kind::above;
  // Values are float32, and are compared with the threshold as such.
  const EventMap map{columns_, periodic_, above ? Comparison::above : Comparison::below,
                     static_cast<double>(static_cast<float>(event.statistic.value))};
  const auto probabilities = event_probabilities(members, map);
  for (const int reach : points_.settings().neighbourhoods) {
    const FractionsMaps maps =
        compare_fractions(probabilities, truth, map, static_cast<std::size_t>(reach));
    for (std::size_t region = 0; region < points_.regions().size(); ++region)
      for (const auto& [score, statistic] :
           {std::pair{"fbs", &maps.squared_error}, {"fbs_reference", &maps.reference}}) {
        const RegionalMean mean = regional_mean(*statistic, points_.weights(region));
        scores.push_back(
            {points_.regions()[region].name,
             {score, event.condition(), 2.0 * reach + 1.0, mean.value, mean.weight, mean.points}});
      }
  }
}

std::vector<RegionMapScore> WholeMapScorer::spectrum(
    std::span<const std::span<const float>> maps) const {
  if (!spectra_ || maps.empty()) return {};
  std::vector<double> sum(spectra_->wavenumbers(), 0.0);
  for (const auto& map : maps) {
    const auto power = spectra_->mean(map);
    for (std::size_t k = 0; k < sum.size(); ++k) sum[k] += power[k];
  }
  std::vector<RegionMapScore> scores;
  for (std::size_t k = 0; k < sum.size(); ++k) {
    const double value = sum[k] / static_cast<double>(maps.size());
    const bool there = !std::isnan(value);
    scores.push_back({"mid-latitudes",
                      {"spectrum", "", static_cast<double>(k), value, there ? 1.0 : 0.0,
                       there ? spectra_->rows().size() * columns_ : 0}});
  }
  return scores;
}

}  // namespace ladcast
