#include "nodes/verify/score_rows.h"

#include <oneapi/tbb/parallel_for.h>

#include "graph/error.h"
#include "nodes/values/regrid.h"

namespace ladcast {
namespace {

void require_comparable(const Fields& fields, const Fields& truth, const std::string& name) {
  if (fields.grid != truth.grid)
    fail("{} is on a grid of {} x {} points, the truth on one of {} x {} or elsewhere", name,
         fields.grid.rows(), fields.grid.columns(), truth.grid.rows(), truth.grid.columns());
  if (fields.channels != truth.channels)
    fail("{} and the truth have other channels or units, or another order of them", name);
  if (fields.normalised != truth.normalised)
    fail("{} is {}, the truth is {}", name, fields.normalised ? "normalised" : "physical",
         truth.normalised ? "normalised" : "physical");
}

std::vector<std::span<const float>> maps_of(const NamedForecast& forecast, std::size_t channel) {
  std::vector<std::span<const float>> maps;
  for (const Fields* batch : forecast.batches)
    for (std::size_t member = 0; member < batch->members.size(); ++member)
      maps.push_back(batch->map(member, 0, channel));
  return maps;
}

ScoreRow row_of(const MapScore& score, const std::string& forecast, const std::string& region,
                const Fields& truth, std::size_t channel) {
  return {truth.init,
          truth.lead_hours.front(),
          forecast,
          region,
          truth.channels[channel],
          score.score,
          score.event,
          score.bin,
          score.value,
          score.weight,
          score.points};
}

void append(std::vector<ScoreRow>& rows, const std::vector<RegionMapScore>& scores,
            const std::string& forecast, const Fields& truth, std::size_t channel) {
  for (const auto& [region, score] : scores)
    rows.push_back(row_of(score, forecast, region, truth, channel));
}

}  // namespace

void append_score_rows(std::vector<ScoreRow>& rows, const NamedForecast& forecast,
                       const Fields& truth, const Fields* climatology, const MapScorer& scorer) {
  for (const Fields* batch : forecast.batches) require_comparable(*batch, truth, forecast.name);
  if (climatology != nullptr) require_comparable(*climatology, truth, "climatology");
  std::vector<std::vector<std::vector<MapScore>>> scores(truth.channels.size());
  tbb::parallel_for(std::size_t{0}, scores.size(), [&](std::size_t channel) {
    const auto climate =
        climatology != nullptr ? climatology->map(0, 0, channel) : std::span<const float>{};
    scores[channel] = scorer.score(truth.channels[channel], maps_of(forecast, channel),
                                   truth.map(0, 0, channel), climate);
  });
  for (std::size_t channel = 0; channel < scores.size(); ++channel)
    for (std::size_t region = 0; region < scores[channel].size(); ++region)
      for (const MapScore& score : scores[channel][region])
        rows.push_back(row_of(score, forecast.name, scorer.regions()[region].name, truth, channel));
}

void append_whole_map_rows(std::vector<ScoreRow>& rows, const NamedForecast& forecast,
                           const Fields& truth, const WholeMapScorer& scorer) {
  for (std::size_t channel = 0; channel < truth.channels.size(); ++channel) {
    const auto members = maps_of(forecast, channel);
    append(rows, scorer.score(truth.channels[channel], members, truth.map(0, 0, channel)),
           forecast.name, truth, channel);
    append(rows, scorer.spectrum(members), forecast.name, truth, channel);
  }
}

void append_truth_spectrum(std::vector<ScoreRow>& rows, const Fields& truth,
                           const WholeMapScorer& scorer) {
  for (std::size_t channel = 0; channel < truth.channels.size(); ++channel) {
    const std::vector<std::span<const float>> map = {truth.map(0, 0, channel)};
    append(rows, scorer.spectrum(map), "truth", truth, channel);
  }
}

std::vector<ScoreRegion> named_on(std::vector<ScoreRegion> regions, const Grid& grid) {
  if (covers_globe(grid)) return regions;
  for (ScoreRegion& region : regions)
    if (region.boxes.empty() && region.surface == ScoreRegion::Surface::any)
      region.name =
          fmt::format("{:.6g} to {:.6g} N {:.6g} to {:.6g} E", grid.latitude.front(),
                      grid.latitude.back(), grid.longitude.front(), grid.longitude.back());
  return regions;
}

}  // namespace ladcast
