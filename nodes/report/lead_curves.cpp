#include <cmath>
#include <optional>

#include "nodes/output/csv_file.h"
#include "nodes/report/axis.h"
#include "nodes/report/curves.h"
#include "nodes/report/score_drawings.h"

namespace ladcast {
namespace {

/// One curve of a chart of scores by lead.
struct WantedCurve {
  std::string score;
  std::string forecast;
  std::string look;
  std::string name;  // in the legend
};

/// What makes one chart of scores by lead differ from another.
struct CurveKind {
  std::string id, title, caption;
  std::vector<std::string> scores;      // the first of all forecasts, others of our own
  std::vector<std::string> names = {};  // of these others, in the legend
  std::optional<double> reference = {};
  bool from_zero = false;
  bool has_units = true;
  bool own_only = false;
  std::optional<Span> covers = {};
};

std::vector<CurveKind> curve_kinds() {
  return {
      {.id = "rmse",
       .title = "Error of the ensemble mean, and spread",
       .caption = "Root mean square error of the ensemble mean. In a reliable ensemble the spread "
                  "(standard deviation of the members) is as large.",
       .scores = {"rmse", "spread"},
       .names = {"spread"},
       .from_zero = true},
      {.id = "crps",
       .title = "Continuous ranked probability score",
       .caption = "Fair CRPS: the error of the whole distribution, in the variable's units; for a "
                  "single forecast it is the mean absolute error. Smaller is better.",
       .scores = {"crps_fair"},
       .from_zero = true},
      {.id = "acc",
       .title = "Anomaly correlation of the ensemble mean",
       .caption = "Correlation of forecast and observed departures from climatology. 1 is perfect; "
                  "below the dotted line at 0.6 a forecast is no longer useful to a forecaster.",
       .scores = {"acc"},
       .reference = 0.6,
       .has_units = false,
       .covers = Span{0.0, 1.0}},
      {.id = "bias",
       .title = "Bias of the ensemble mean",
       .caption = "Forecast minus truth, averaged over the region. The dotted line is 0.",
       .scores = {"bias"},
       .reference = 0.0},
      {.id = "spread-skill",
       .title = "Spread divided by error",
       .caption = "With the correction for the number of members. 1 is reliable; below it the "
                  "ensemble is too sure of itself, above it not sure enough.",
       .scores = {"spread_skill"},
       .reference = 1.0,
       .has_units = false,
       .own_only = true,
       .covers = Span{0.5, 1.25}},
      {.id = "seeps",
       .title = "SEEPS of precipitation",
       .caption = "Stable equitable error in probability space. 0 is perfect, 1 is what a "
                  "climatological forecast has in the mean.",
       .scores = {"seeps"},
       .has_units = false,
       .covers = Span{0.0, 1.0}},
  };
}

std::string day_label() { return "lead (days)"; }

bool has_band(const CurvePanel& panel, const std::string& look) {
  for (const auto& curve : panel.curves)
    if (curve.look == look)
      for (const auto& point : curve.points)
        if (point.low) return true;
  return false;
}

std::optional<double> scaled(const std::optional<double>& value, double factor) {
  return value ? std::optional(factor * *value) : std::nullopt;
}

void append_figure(std::vector<Figure>& figures, const ScoreSelection& selection,
                   const CurveKind& kind) {
  std::vector<WantedCurve> wanted;
  for (const auto& [forecast, look] : selection.looks.all()) {
    if (kind.own_only && is_reference(forecast)) continue;
    wanted.push_back({kind.scores[0], forecast, look, forecast});
    for (std::size_t i = 1; i < kind.scores.size(); ++i)
      if (!is_reference(forecast))
        wanted.push_back(
            {kind.scores[i], forecast, look + " dashed", kind.names[i - 1] + " of " + forecast});
  }
  Figure figure{.id = kind.id + "-" + id_of(selection.choice.region),
                .title = kind.title,
                .caption = kind.caption};
  std::vector<CurvePanel> panels;
  std::vector<LegendEntry> legend;
  for (const auto& channel : selection.choice.channels) {
    const auto [factor, units] = kind.has_units ? display_units(channel) : DisplayUnits{1, ""};
    CurvePanel panel{.title = shown_name(channel),
                     .units = units,
                     .x_label = day_label(),
                     .reference = kind.reference,
                     .from_zero = kind.from_zero,
                     .days = true,
                     .covers = kind.covers};
    for (const auto& each : wanted) {
      Curve curve{each.look, {}};
      for (const auto* point : selection.of(each.score, channel, each.forecast)) {
        const ScoreRow& row = point->row;
        if (!std::isfinite(row.value) || row.bin || !row.event.empty()) continue;
        curve.points.push_back({point->row.lead_hours / 24.0, factor * point->row.value,
                                scaled(point->low, factor), scaled(point->high, factor)});
        figure.numbers.push_back(csv_line(point->row));
      }
      if (curve.points.empty()) continue;
      panel.curves.push_back(curve);
      const bool is_new = std::none_of(legend.begin(), legend.end(), [&](const LegendEntry& entry) {
        return entry.look == each.look;
      });
      if (is_new) legend.push_back({each.name, each.look, has_band(panel, each.look)});
    }
    if (!panel.curves.empty()) panels.push_back(std::move(panel));
  }
  if (panels.empty()) return;
  const Sheet sheet(panels.size(), 3, 244);
  Svg svg;
  draw_legend(svg, {0, 10}, legend);
  for (std::size_t i = 0; i < panels.size(); ++i) draw_curves(svg, sheet.panel(i), panels[i]);
  figure.width = Sheet::kWidth;
  figure.height = sheet.height();
  figure.body = svg.body();
  figures.push_back(std::move(figure));
}

}  // namespace

void append_curves_by_lead(std::vector<Figure>& figures, const ScoreSelection& selection) {
  for (const auto& kind : curve_kinds()) append_figure(figures, selection, kind);
}

std::vector<std::string> curve_scores() {
  std::vector<std::string> scores;
  for (const auto& kind : curve_kinds())
    scores.insert(scores.end(), kind.scores.begin(), kind.scores.end());
  return scores;
}

}  // namespace ladcast
