#include "nodes/verify/whole_map_scores.h"

#include <algorithm>
#include <cmath>

#include "graph/error.h"
#include "nodes/verify/fractions_skill.h"
#include "nodes/verify/missing.h"
#include "nodes/verify/multivariate_scores.h"

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

WholeMapScorer::WholeMapScorer(const Grid& grid, const ScoreSettings& settings,
                               const std::vector<int>& reaches, const MapScorer& points)
    : settings_(settings),
      points_(points),
      reaches_(reaches),
      row_weights_(latitude_weights(grid.latitude, settings.weighting)),
      columns_(grid.columns()),
      periodic_(goes_around(grid.longitude)) {
  if (settings.extra.contains("spectrum")) spectra_.emplace(grid, mid_latitude_rows(grid));
  if (!settings.extra.contains("variogram")) return;
  for (std::size_t region = 0; region < points.regions().size(); ++region)
    if (const auto count = points_with_weight(points.weights(region)); count > kVariogramPoints)
      fail("the variogram score takes at most {} points, and region '{}' has {}; name a box",
           kVariogramPoints, points.regions()[region].name, count);
}

std::vector<RegionMapScore> WholeMapScorer::score(const Channel& channel,
                                                  std::span<const std::span<const float>> members,
                                                  std::span<const float> truth) const {
  std::vector<RegionMapScore> scores;
  for (std::size_t region = 0; region < points_.regions().size() && members.size() > 1; ++region) {
    const auto weights = points_.weights(region);
    const auto append = [&](const char* score, double value) {
      const std::size_t count = std::isnan(value) ? 0 : points_with_weight(weights);
      scores.push_back(
          {points_.regions()[region].name, {score, "", {}, value, count > 0 ? 1.0 : 0.0, count}});
    };
    if (settings_.extra.contains("energy_fair"))
      append("energy_fair",
             map_energy_score(members, truth, weights, EnergyEstimator::fair).value());
    if (settings_.extra.contains("variogram"))
      append("variogram", variogram(region, members, truth));
  }
  for (const Event& event : settings_.events)
    for (const int reach : reaches_)
      if (event.is_about(channel)) scores.push_back(fractions(event, reach, members, truth));
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

RegionMapScore WholeMapScorer::fractions(const Event& event, int reach,
                                         std::span<const std::span<const float>> members,
                                         std::span<const float> truth) const {
  const bool above = event.statistic.kind == Statistic::Kind::above;
  const EventMap map{columns_, periodic_, above ? Comparison::above : Comparison::below,
                     event.statistic.value};
  FractionsSkill sum;
  for (const auto& member : members)
    sum.merge(fractions_skill(member, truth, map, row_weights_, static_cast<std::size_t>(reach)));
  const double value = sum.value();
  return {"global",
          {"fss", event.condition(), 2.0 * reach + 1.0, value, std::isnan(value) ? 0.0 : 1.0,
           std::isnan(value) ? 0 : truth.size()}};
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
