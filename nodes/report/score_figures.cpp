#include "nodes/report/score_figures.h"

#include <algorithm>

#include "nodes/report/score_drawings.h"

namespace ladcast {

ScoreFigures score_figures(const std::vector<SeriesPoint>& points, const ScoreChoice& choice) {
  const ScoreSelection selection(points, choice);
  const auto forecasts = own_forecasts(points);
  ScoreFigures figures;
  for (const auto& own : forecasts) append_scorecards(figures.skill, selection, own);
  append_curves_by_lead(figures.by_lead, selection);
  for (const auto& own : forecasts) append_rank_histograms(figures.calibration, selection, own);
  for (const auto& own : forecasts) append_reliability(figures.calibration, selection, own);
  return figures;
}

std::vector<std::string> undrawn_scores(const std::vector<SeriesPoint>& points) {
  std::vector<std::string> drawn = curve_scores(), undrawn;
  for (const char* score : {"rank_histogram", "observed_frequency", "forecast_share", "spectrum"})
    drawn.emplace_back(score);
  for (const auto& point : points)
    if (std::find(drawn.begin(), drawn.end(), point.row.score) == drawn.end())
      add_once(undrawn, point.row.score);
  std::sort(undrawn.begin(), undrawn.end());
  return undrawn;
}

std::vector<Figure> spectrum_figures(const std::vector<SeriesPoint>& points, ScoreChoice choice) {
  std::vector<Figure> figures;
  const auto first = std::find_if(points.begin(), points.end(), [](const SeriesPoint& point) {
    return point.row.score == "spectrum";
  });
  if (first == points.end()) return figures;
  choice.region = first->row.region;
  append_spectra(figures, ScoreSelection(points, choice));
  return figures;
}

}  // namespace ladcast
