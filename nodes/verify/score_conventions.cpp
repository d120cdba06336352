#include "nodes/verify/score_conventions.h"

#include <fmt/format.h>

namespace ladcast {
namespace {

std::string words_for(LatitudeWeighting weighting) {
  switch (weighting) {
    case LatitudeWeighting::area:
      return "area: sin(north) - sin(south) of the cells' edges, which lie midway between rows; "
             "the "
             "outer rows reach half a spacing further, at most to a pole";
    case LatitudeWeighting::wb2:
      return "wb2: sin(north) - sin(south) of the cells' edges, which lie midway between rows; the "
             "outer rows reach to the poles";
    case LatitudeWeighting::cos:
      return "cos: cosine of latitude";
  }
  return "";
}

std::string limits_of(const ScoreRegion& region) {
  std::string text = region.boxes.empty() ? "whole grid" : "";
  for (const Region& box : region.boxes)
    text += fmt::format("{}latitude {} to {}, longitude {} to {}", text.empty() ? "" : " and ",
                        box.south, box.north, box.west, box.east);
  if (region.surface == ScoreRegion::Surface::land) text += ", times the part of land";
  if (region.surface == ScoreRegion::Surface::sea) text += ", times the part of sea";
  return text;
}

}  // namespace

Conventions conventions_of(const ScoreSettings& settings, const std::string& preset) {
  Conventions words = {
      {"preset", preset},
      {"latitude_weights", words_for(settings.weighting)},
      {"missing_values",
       settings.as_ladcast
           ? "NaN; points without truth are left out, without new weights: weighted sums are "
             "divided by the number of points used; the ensemble variance is of all points"
           : "NaN; points without truth are left out and the weights of the others renormalised; "
             "at each point M counts the members that are there"},
      {"means_over_initial_times",
       "each initial time that has a value counts once; roots and ratios are taken of the means"},
      {"ddof", "1"},
      {"crps_estimator", "fair (Ferro 2014) in crps_fair, twcrps_fair and energy_fair"},
      {"event_comparison", "strict: > or <, in forecast and truth"},
  };
  for (const ScoreRegion& region : settings.regions)
    words["limits of " + region.name] = limits_of(region);
  if (settings.extra.contains("spectrum"))
    words["limits of mid-latitudes"] =
        "rows at latitude 30 to 60 and -60 to -30, each counting once";
  if (settings.extra.contains("error_spread"))
    words["error_spread"] =
        "as scoringrules 0.x: the skewness is sum ((x_i - xbar) / s)^3 / ((M - 1) (M - 2)), and "
        "Christensen et al. (2015, doi:10.1002/qj.2375) have M times this";
  if (!settings.neighbourhoods.empty())
    words["fractions_skill"] =
        "of the members' probabilities in squares of neighbourhood_width points (pFSS of Necker et "
        "al. 2024, doi:10.1002/qj.4824)";
  if (settings.extra.contains("seeps"))
    words["seeps"] =
        "dry: at most 0.25 mm in 24 h or 0.1 mm in 6 h; points whose dry part is above 0.1 and "
        "below 0.85; the mean over the members of each one's own";
  if (settings.extra.contains("efi") || settings.extra.contains("sot"))
    words["extreme_forecast_index"] =
        "beside the percentiles 0 to 100 of in.climate_members, linear between its members; of "
        "precipitation, amounts of at "
        "most 0.1 mm count as none; the truth is not looked at";
  return words;
}

}  // namespace ladcast
