// Scores of the maps of a forecast, as rows.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "nodes/values/fields.h"
#include "nodes/values/scores.h"
#include "nodes/verify/climate_scores.h"
#include "nodes/verify/map_scorer.h"
#include "nodes/verify/whole_map_scores.h"

namespace ladcast {

/// A forecast and what it is called in the table: the members of all batches, in order. One that is
/// no ensemble and is absent counts as one member that is missing everywhere: its rows are those of
/// other initial times.
struct NamedForecast {
  std::string name;
  std::vector<const Fields*> batches;
  bool is_ensemble = true;
};

/// Rows for each channel of `truth`, in order; channels are scored in parallel. `climatology` may
/// be null. All fields have one lead; that of the rows is the truth's. Throws Error where grid,
/// channels or scaling of the fields differ.
void append_score_rows(std::vector<ScoreRow>& rows, const NamedForecast& forecast,
                       const Fields& truth, const Fields* climatology, const MapScorer& scorer);

/// The same of whole maps: spectra, energy and variogram scores, fractions skill.
void append_whole_map_rows(std::vector<ScoreRow>& rows, const NamedForecast& forecast,
                           const Fields& truth, const WholeMapScorer& scorer);

/// EFI and SOT of a forecast beside a sample of the climate of its valid time; nothing unless they
/// were asked for. Throws Error where grid or channels differ.
void append_extremeness_rows(std::vector<ScoreRow>& rows, const NamedForecast& forecast,
                             const Fields& truth, const Fields& climate, const MapScorer& scorer);

/// By channel of the truth; nothing of one without precipitation.
using PrecipitationClimates = std::vector<std::optional<PrecipitationClimateMaps>>;

/// What SEEPS needs, of a sample of the climate of the valid time, or as seeps_climatology sends
/// it. Throws Error where grid or channels differ.
PrecipitationClimates sampled_precipitation(const Fields& climate, const Fields& truth);
PrecipitationClimates stored_precipitation(const Fields& stored, const Fields& truth);

/// SEEPS of a forecast.
void append_seeps_rows(std::vector<ScoreRow>& rows, const NamedForecast& forecast,
                       const Fields& truth, const PrecipitationClimates& climates,
                       const MapScorer& scorer);

/// The spectrum of the truth, as a forecast called "truth".
void append_truth_spectrum(std::vector<ScoreRow>& rows, const Fields& truth,
                           const WholeMapScorer& scorer);

/// The region of a whole grid that is not global is called by its edges: "34 to 72 N -12 to 30 E".
std::vector<ScoreRegion> named_on(std::vector<ScoreRegion> regions, const Grid& grid);

}  // namespace ladcast
