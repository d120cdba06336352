#include "nodes/verify/score_rows.h"

#include <oneapi/tbb/parallel_for.h>

#include <algorithm>
#include <limits>

#include "graph/error.h"
#include "nodes/values/fields_payload.h"
#include "nodes/values/regrid.h"
#include "nodes/verify/comparable.h"
#include "nodes/verify/seeps.h"

namespace ladcast {
namespace {

Spec spec_of(const Fields& fields) {
  Spec spec;
  describe_fields(spec, fields.channels, fields.grid, fields.normalised, 1, 1);
  return spec;
}

void require_comparable(const Fields& fields, const Fields& truth, const std::string& name) {
  if (fields.grid == truth.grid && fields.channels == truth.channels &&
      fields.normalised == truth.normalised)
    return;
  const auto found = mismatch(name, spec_of(fields), "truth", spec_of(truth));
  if (found) fail("{}; {}", found->what, found->cure);
}

std::vector<std::span<const float>> maps_of(const NamedForecast& forecast, std::size_t channel) {
  std::vector<std::span<const float>> maps;
  for (const Fields* batch : forecast.batches)
    for (std::size_t member = 0; member < batch->members.size(); ++member)
      maps.push_back(batch->map(member, 0, channel));
  return maps;
}

// What `score` gives of each channel, by region; channels are scored in parallel.
template <typename Score>
std::vector<std::vector<std::vector<MapScore>>> by_channel(const Fields& truth, Score score) {
  std::vector<std::vector<std::vector<MapScore>>> scores(truth.channels.size());
  tbb::parallel_for(std::size_t{0}, scores.size(),
                    [&](std::size_t channel) { scores[channel] = score(channel); });
  return scores;
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

void append(std::vector<ScoreRow>& rows,
            const std::vector<std::vector<std::vector<MapScore>>>& scores,
            const std::string& forecast, const Fields& truth, const MapScorer& scorer) {
  for (std::size_t channel = 0; channel < scores.size(); ++channel)
    for (std::size_t region = 0; region < scores[channel].size(); ++region)
      for (const MapScore& score : scores[channel][region])
        rows.push_back(row_of(score, forecast, scorer.regions()[region].name, truth, channel));
}

}  // namespace

void append_score_rows(std::vector<ScoreRow>& rows, const NamedForecast& forecast,
                       const Fields& truth, const Fields* climatology, const MapScorer& scorer) {
  for (const Fields* batch : forecast.batches) require_comparable(*batch, truth, forecast.name);
  if (climatology != nullptr) require_comparable(*climatology, truth, "climatology");
  const std::vector<float> missing(truth.grid.points(), std::numeric_limits<float>::quiet_NaN());
  const auto scores = by_channel(truth, [&](std::size_t channel) {
    const auto climate =
        climatology != nullptr ? climatology->map(0, 0, channel) : std::span<const float>{};
    auto members = maps_of(forecast, channel);
    if (members.empty() && !forecast.is_ensemble) members.push_back(missing);
    return scorer.score(truth.channels[channel], members, truth.map(0, 0, channel), climate);
  });
  append(rows, scores, forecast.name, truth, scorer);
}

void append_extremeness_rows(std::vector<ScoreRow>& rows, const NamedForecast& forecast,
                             const Fields& truth, const Fields& climate, const MapScorer& scorer) {
  const auto& extra = scorer.settings().extra;
  if (!extra.contains("efi") && !extra.contains("sot")) return;
  require_comparable(climate, truth, "climate_members");
  const auto scores = by_channel(truth, [&](std::size_t channel) {
    return extremeness(scorer, truth.channels[channel], maps_of(forecast, channel),
                       maps_of({"", {&climate}}, channel));
  });
  append(rows, scores, forecast.name, truth, scorer);
}

PrecipitationClimates sampled_precipitation(const Fields& climate, const Fields& truth) {
  require_comparable(climate, truth, "climate_members");
  PrecipitationClimates climates;
  for (std::size_t channel = 0; channel < truth.channels.size(); ++channel) {
    climates.emplace_back();
    if (dry_limit_of(truth.channels[channel].name))
      climates.back() =
          precipitation_climate_of(truth.channels[channel], maps_of({"", {&climate}}, channel));
  }
  return climates;
}

PrecipitationClimates stored_precipitation(const Fields& stored, const Fields& truth) {
  if (stored.grid != truth.grid)
    fail(
        "'seeps' is on a grid of {}, 'truth' on one of {}; set model of seeps_climatology, or let "
        "the truth be read on the grid of its file",
        to_string(stored.grid), to_string(truth.grid));
  const auto map_of = [&](const std::string& name) {
    const auto found = std::find_if(stored.channels.begin(), stored.channels.end(),
                                    [&](const Channel& each) { return each.name == name; });
    return found == stored.channels.end()
               ? std::span<const float>{}
               : stored.map(0, 0, static_cast<std::size_t>(found - stored.channels.begin()));
  };
  PrecipitationClimates climates;
  for (const Channel& channel : truth.channels) {
    climates.emplace_back();
    const auto dry = map_of(channel.name + std::string(kSeepsDryFraction));
    const auto heavy = map_of(channel.name + std::string(kSeepsThreshold));
    if (!dry.empty() && !heavy.empty())
      climates.back() = {{dry.begin(), dry.end()}, {heavy.begin(), heavy.end()}};
  }
  return climates;
}

void append_seeps_rows(std::vector<ScoreRow>& rows, const NamedForecast& forecast,
                       const Fields& truth, const PrecipitationClimates& climates,
                       const MapScorer& scorer) {
  const auto scores = by_channel(truth, [&](std::size_t channel) {
    return climates[channel] ? seeps_of(scorer, truth.channels[channel], maps_of(forecast, channel),
                                        truth.map(0, 0, channel), *climates[channel])
                             : std::vector<std::vector<MapScore>>{};
  });
  append(rows, scores, forecast.name, truth, scorer);
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
