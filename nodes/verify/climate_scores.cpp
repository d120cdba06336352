#include "nodes/verify/climate_scores.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "nodes/verify/crps.h"
#include "nodes/verify/extremes.h"
#include "nodes/verify/missing.h"
#include "nodes/verify/regional_mean.h"
#include "nodes/verify/seeps.h"

namespace ladcast {
namespace {

constexpr std::array kTails = {10, 90};
constexpr double kLeastPrecipitation = 0.0001;  // metres

// The values at one point that are there, in ascending order.
void gather(std::vector<double>& values, Maps maps, std::size_t point) {
  values.clear();
  for (const auto& map : maps)
    if (std::isfinite(map[point])) values.push_back(static_cast<double>(map[point]));
  std::sort(values.begin(), values.end());
}

// Type 7 of Hyndman and Fan, as sample_quantile(), of sorted values.
std::array<double, 101> percentiles_of(const std::vector<double>& sorted) {
  std::array<double, 101> percentiles;
  for (std::size_t p = 0; p <= 100; ++p)
    percentiles[p] = value_at(sorted, static_cast<double>(p * (sorted.size() - 1)) / 100.0);
  return percentiles;
}

// NaN if infinite.
double finite(float value) { return static_cast<double>(value + 0.0F * value); }

// Whether a point is in any region.
std::vector<bool> scored_points(const MapScorer& scorer, std::size_t points) {
  std::vector<bool> scored(points, false);
  for (std::size_t region = 0; region < scorer.regions().size(); ++region)
    for (std::size_t point = 0; point < points; ++point)
      if (scorer.weights(region)[point] > 0.0) scored[point] = true;
  return scored;
}

MapScore averaged(const char* score, std::optional<double> bin,
                  const std::vector<double>& statistic, std::span<const double> weights) {
  const RegionalMean mean = regional_mean(statistic, weights);
  return {score, "", bin, mean.value, mean.weight, mean.points};
}

}  // namespace

std::vector<std::string> climate_scores() { return {"efi", "sot", "seeps"}; }

PrecipitationClimateMaps precipitation_climate_of(const Channel& channel, Maps climate) {
  PrecipitationClimateMaps maps;
  std::vector<double> values;
  for (std::size_t point = 0; !climate.empty() && point < climate.front().size(); ++point) {
    gather(values, climate, point);
    const auto [dry, heavy_from] = precipitation_climate(values, *dry_limit_of(channel.name));
    maps.dry.push_back(static_cast<float>(dry));
    maps.heavy_from.push_back(static_cast<float>(heavy_from));
  }
  return maps;
}

std::vector<std::vector<MapScore>> extremeness(const MapScorer& scorer, const Channel& channel,
                                               Maps members, Maps climate) {
  const auto& extra = scorer.settings().extra;
  const double eps = dry_limit_of(channel.name) ? kLeastPrecipitation : 0.0;
  const std::size_t points = scorer.weights(0).size();
  std::vector<double> index(points, kMissingScore);
  std::array<std::vector<double>, kTails.size()> shifts;
  shifts.fill(index);
  const auto scored = scored_points(scorer, points);
  std::vector<double> usual, forecast;
  for (std::size_t point = 0; point < points; ++point) {
    if (!scored[point]) continue;
    gather(usual, climate, point);
    gather(forecast, members, point);
    if (usual.size() < 2 || forecast.empty()) continue;
    const auto percentiles = percentiles_of(usual);
    if (extra.contains("efi")) index[point] = extreme_forecast_index(percentiles, forecast, eps);
    for (std::size_t tail = 0; tail < kTails.size() && extra.contains("sot"); ++tail)
      shifts[tail][point] = shift_of_tails(percentiles, forecast, kTails[tail], eps);
  }
  std::vector<std::vector<MapScore>> scores(scorer.regions().size());
  for (std::size_t region = 0; region < scores.size(); ++region) {
    const auto weights = scorer.weights(region);
    if (extra.contains("efi")) scores[region].push_back(averaged("efi", {}, index, weights));
    for (std::size_t tail = 0; tail < kTails.size() && extra.contains("sot"); ++tail)
      scores[region].push_back(averaged("sot", kTails[tail], shifts[tail], weights));
  }
  return scores;
}

std::vector<std::vector<MapScore>> seeps_of(const MapScorer& scorer, const Channel& channel,
                                            Maps members, std::span<const float> truth,
                                            const PrecipitationClimateMaps& climate) {
  std::vector<std::vector<MapScore>> scores(scorer.regions().size());
  const auto dry_limit = dry_limit_of(channel.name);
  if (!dry_limit) return scores;
  std::vector<double> error(truth.size(), kMissingScore);
  for (std::size_t point = 0; point < climate.dry.size(); ++point) {
    const PrecipitationClimate usual{static_cast<double>(climate.dry[point]),
                                     static_cast<double>(climate.heavy_from[point])};
    double sum = 0.0, count = 0.0;
    for (const auto& member : members) {
      const double one = seeps(finite(member[point]), finite(truth[point]), *dry_limit, usual);
      if (std::isnan(one)) continue;
      sum += one;
      count += 1.0;
    }
    if (count > 0.0) error[point] = sum / count;
  }
  for (std::size_t region = 0; region < scores.size(); ++region)
    scores[region].push_back(averaged("seeps", {}, error, scorer.weights(region)));
  return scores;
}

}  // namespace ladcast
