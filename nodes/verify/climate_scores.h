// Scores that need to know what is usual at each point: a sample of the climate, or SEEPS's part of
// dry times and limit of heavy precipitation.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "nodes/values/channel.h"
#include "nodes/verify/map_scorer.h"

namespace ladcast {

using Maps = std::span<const std::span<const float>>;

/// Names for ScoreSettings::extra, beside extra_scores() and whole_map_scores().
std::vector<std::string> climate_scores();

/// By point, in a channel's units.
struct PrecipitationClimateMaps {
  std::vector<float> dry, heavy_from;
};

/// That of a sample of the climate, at one valid time. Requires: a variable of dry_limit_of().
PrecipitationClimateMaps precipitation_climate_of(const Channel& channel, Maps climate);

/// The weighted mean by region of
///   efi   extreme forecast index of the members beside the climate's percentiles 0 … 100 (linear
///         between its members), from -1 to 1
///   sot   shift of tails by `bin` = the percentile, 10 and 90; see extremes.h
/// Both describe the forecast and do not look at the truth. Of precipitation, amounts of at most
/// 0.1 mm count as none, as ECMWF has it. Missing without two members of the climate; below 101
/// some percentiles lie between its two outermost.
std::vector<std::vector<MapScore>> extremeness(const MapScorer& scorer, const Channel& channel,
                                               Maps members, Maps climate);

/// SEEPS by region: the mean over the members of each one's own (see seeps.h). Empty for a variable
/// that is not of dry_limit_of().
std::vector<std::vector<MapScore>> seeps_of(const MapScorer& scorer, const Channel& channel,
                                            Maps members, std::span<const float> truth,
                                            const PrecipitationClimateMaps& climate);

}  // namespace ladcast
