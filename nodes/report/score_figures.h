// Figures of scores: curves by lead, scorecards, rank histograms, reliability diagrams, spectra.
#pragma once

#include <string>
#include <vector>

#include "nodes/report/figure.h"
#include "nodes/report/score_series.h"

namespace ladcast {

/// What the report shows of all the scores.
struct ScoreChoice {
  std::vector<Channel> channels;  // the headline channels, in order
  std::string region;
  std::vector<int> leads;  // of histograms, diagrams, spectra and scorecards, in hours
};

struct ScoreFigures {
  std::vector<Figure> skill;        // scorecards against climatology and persistence
  std::vector<Figure> by_lead;      // rmse with spread, CRPS, ACC, bias, spread-skill, SEEPS
  std::vector<Figure> calibration;  // rank histograms, reliability diagrams
};

/// Each figure that the points have something for.
ScoreFigures score_figures(const std::vector<SeriesPoint>& points, const ScoreChoice& choice);

/// The names of those scores that no figure is drawn of.
std::vector<std::string> undrawn_scores(const std::vector<SeriesPoint>& points);

/// Spectra of forecasts and truth, of the first region that has any; they have regions of their
/// own.
std::vector<Figure> spectrum_figures(const std::vector<SeriesPoint>& points, ScoreChoice choice);

/// Those forecasts that are none of "persistence", "climatology" and "truth", as they come.
std::vector<std::string> own_forecasts(const std::vector<SeriesPoint>& points);

}  // namespace ladcast
