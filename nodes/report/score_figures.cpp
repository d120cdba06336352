#include "nodes/report/score_figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>

#include "nodes/output/csv_file.h"
#include "nodes/report/axis.h"
#include "nodes/report/curves.h"
#include "nodes/report/diagrams.h"
#include "nodes/report/scorecard.h"

namespace ladcast {
namespace {

template <class T>
void add_once(std::vector<T>& list, const T& value) {
  if (std::find(list.begin(), list.end(), value) == list.end()) list.push_back(value);
}

bool is_reference(const std::string& forecast) {
  return forecast == "persistence" || forecast == "climatology" || forecast == "truth";
}

/// The forecasts of a region with the look of their curves.
class Looks {
 public:
  explicit Looks(const std::vector<SeriesPoint>& points) {
    static constexpr const char* kOwn[] = {"s0", "s3", "s4", "s5"};
    const auto own = own_forecasts(points);
    for (std::size_t i = 0; i < own.size(); ++i) looks_.emplace_back(own[i], kOwn[i % 4]);
    for (const auto& [forecast, look] :
         {std::pair{"persistence", "s1"}, std::pair{"climatology", "s2"}, std::pair{"truth", "s6"}})
      looks_.emplace_back(forecast, look);
  }
  const std::vector<std::pair<std::string, std::string>>& all() const { return looks_; }

 private:
  std::vector<std::pair<std::string, std::string>> looks_;
};

/// The rows of one region, by what the figures ask for.
class Selection {
 public:
  Selection(const std::vector<SeriesPoint>& points, const ScoreChoice& wanted)
      : choice(wanted), looks(points) {
    for (const auto& point : points) {
      const ScoreRow& row = point.row;
      if (row.region != choice.region) continue;
      by_score_[{row.score, to_string(row.channel), row.forecast}].push_back(&point);
      add_once(channels, row.channel);
    }
  }

  /// By lead, then by bin.
  const std::vector<const SeriesPoint*>& of(const std::string& score, const Channel& channel,
                                            const std::string& forecast) const {
    static const std::vector<const SeriesPoint*> kNone;
    const auto found = by_score_.find({score, to_string(channel), forecast});
    return found == by_score_.end() ? kNone : found->second;
  }

  const ScoreChoice& choice;
  const Looks looks;
  std::vector<Channel> channels;  // all that there are

 private:
  std::map<std::tuple<std::string, std::string, std::string>, std::vector<const SeriesPoint*>>
      by_score_;
};

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

void append_figure_by_lead(std::vector<Figure>& figures, const Selection& selection,
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

// ---- scorecards ----

std::string percent(double part) {
  return fmt::format("{}{:.0f}", part < 0 ? "−" : "+", std::abs(100 * part));
}

/// 1 - CRPS / CRPS of the reference, in per cent.
Scorecard scorecard_against(const Selection& selection, const std::string& own,
                            const std::string& reference, std::vector<std::string>& numbers) {
  Scorecard card{.title = "Against " + reference, .rows = {}, .columns = {}, .cells = {}};
  for (const int lead : selection.choice.leads) card.columns.push_back(shown_lead(lead));
  for (const auto& channel : selection.channels) {
    std::vector<ScorecardCell> cells;
    bool any = false;
    for (const int lead : selection.choice.leads) {
      const auto at = [&](const std::string& forecast) -> const SeriesPoint* {
        for (const auto* point : selection.of("crps_fair", channel, forecast))
          if (point->row.lead_hours == lead && point->row.value > 0) return point;
        return nullptr;
      };
      const auto *ours = at(own), *theirs = at(reference);
      cells.emplace_back();
      if (ours == nullptr || theirs == nullptr) continue;
      any = true;
      const double skill = 1 - ours->row.value / theirs->row.value;
      cells.back() = {percent(skill), skill / 0.6};
      numbers.push_back(csv_line(ours->row));
      numbers.push_back(csv_line(theirs->row));
    }
    if (!any) continue;
    card.rows.push_back(shown_name(channel));
    card.cells.push_back(std::move(cells));
  }
  return card;
}

void append_scorecards(std::vector<Figure>& figures, const Selection& selection,
                       const std::string& own) {
  Figure figure{.id = "skill-" + id_of(own) + "-" + id_of(selection.choice.region),
                .title = "Skill of " + own,
                .caption =
                    "How much smaller the CRPS is than that of the other forecast, in per "
                    "cent. Blue with + is better, orange with − is worse."};
  std::vector<Scorecard> cards;
  for (const char* reference : {"climatology", "persistence"}) {
    Scorecard card = scorecard_against(selection, own, reference, figure.numbers);
    if (!card.rows.empty()) cards.push_back(std::move(card));
  }
  if (cards.empty()) return;
  Svg svg;
  for (std::size_t i = 0; i < cards.size(); ++i) {
    const double height = scorecard_height(cards[i]);
    const Sheet sheet(cards.size(), 2, height, 0);
    draw_scorecard(svg, sheet.panel(i), cards[i]);
    figure.height = std::max(figure.height, height);
  }
  figure.width = Sheet::kWidth;
  figure.body = svg.body();
  figures.push_back(std::move(figure));
}

// ---- figures with a row for each channel and a column for each lead ----

/// The first and the last three, where there are more than fit side by side.
std::vector<int> four_of(const std::vector<int>& leads) {
  if (leads.size() <= 4) return leads;
  std::vector<int> four(leads.end() - 3, leads.end());
  four.insert(four.begin(), leads.front());
  return four;
}

/// Places and draws panels of channels by leads; `draw` returns false where there is nothing.
template <class Draw>
void append_by_channel_and_lead(std::vector<Figure>& figures, Figure figure,
                                const std::vector<Channel>& channels,
                                const std::vector<int>& all_leads, double height, double top,
                                const Draw& draw) {
  const std::vector<int> leads = four_of(all_leads);
  const std::size_t columns = leads.size();
  std::size_t panels = 0;
  Svg svg;
  for (const auto& channel : channels) {
    std::size_t drawn = 0;
    for (const int lead : leads) {
      const Sheet sheet(panels + drawn + 1, columns, height, top);
      if (draw(svg, sheet.panel(panels + drawn), channel, lead, figure.numbers)) ++drawn;
    }
    panels += drawn == 0 ? 0 : columns;
  }
  if (panels == 0) return;
  figure.width = Sheet::kWidth;
  figure.height = Sheet(panels, columns, height, top).height();
  figure.body += svg.body();
  figures.push_back(std::move(figure));
}

std::vector<const SeriesPoint*> at_lead(const std::vector<const SeriesPoint*>& points, int lead) {
  std::vector<const SeriesPoint*> chosen;
  for (const auto* point : points)
    if (point->row.lead_hours == lead && point->row.bin && std::isfinite(point->row.value))
      chosen.push_back(point);
  std::sort(chosen.begin(), chosen.end(),
            [](const auto* a, const auto* b) { return *a->row.bin < *b->row.bin; });
  return chosen;
}

void append_rank_histograms(std::vector<Figure>& figures, const Selection& selection,
                            const std::string& own) {
  append_by_channel_and_lead(
      figures,
      {.id = "ranks-" + id_of(own) + "-" + id_of(selection.choice.region),
       .title = "Rank histograms of " + own,
       .caption = "How often the truth had each rank among the members. Flat (the dashed line) is "
                  "reliable; high ends say that the truth is often outside the ensemble, a slope "
                  "says that it is biased. Bars that end at the top of a panel are higher."},
      selection.choice.channels, selection.choice.leads, 150, 0,
      [&](Svg& svg, const Box& box, const Channel& channel, int lead,
          std::vector<std::string>& numbers) {
        const auto rows = at_lead(selection.of("rank_histogram", channel, own), lead);
        if (rows.empty()) return false;
        RankHistogramPanel panel{shown_name(channel) + ", " + shown_lead(lead), {}};
        for (const auto* point : rows) {
          panel.shares.push_back(point->row.value);
          numbers.push_back(csv_line(point->row));
        }
        draw_rank_histogram(svg, box, panel, 2.5 / static_cast<double>(panel.shares.size()));
        return true;
      });
}

void append_reliability(std::vector<Figure>& figures, const Selection& selection,
                        const std::string& own) {
  for (const auto& channel : selection.channels) {
    std::vector<std::string> events;
    for (const auto* point : selection.of("observed_frequency", channel, own))
      add_once(events, point->row.event);
    for (const auto& event : events) {
      const std::string what = shown_event(channel, event);
      append_by_channel_and_lead(
          figures,
          {.id = "reliability-" + id_of(own + " " + to_string(channel) + " " + event) + "-" +
                 id_of(selection.choice.region),
           .title = "Reliability of " + own + ": " + what,
           .caption =
               "How often it happened where each probability was forecast. On the dotted "
               "diagonal a probability means what it says. The bars and the size of the "
               "dots show how often each probability was forecast; the line passes by those that "
               "were forecast at less than one point in a thousand."},
          {channel}, selection.choice.leads, 292, 0,
          [&](Svg& svg, const Box& box, const Channel&, int lead,
              std::vector<std::string>& numbers) {
            std::map<double, ReliabilityPoint> points;
            for (const char* score : {"forecast_share", "observed_frequency"})
              for (const auto* point : at_lead(selection.of(score, channel, own), lead)) {
                if (point->row.event != event) continue;
                auto& place = points
                                  .try_emplace(*point->row.bin,
                                               ReliabilityPoint{*point->row.bin, std::nan(""), 0})
                                  .first->second;
                (score == std::string("forecast_share") ? place.forecast_share : place.frequency) =
                    point->row.value;
                numbers.push_back(csv_line(point->row));
              }
            if (points.empty()) return false;
            ReliabilityPanel panel{shown_lead(lead), {}};
            for (const auto& [bin, point] : points) panel.points.push_back(point);
            draw_reliability(svg, box, panel);
            return true;
          });
    }
  }
}

void append_spectra(std::vector<Figure>& figures, const Selection& selection) {
  std::vector<LegendEntry> legend;
  std::vector<std::pair<std::string, std::string>> shown;  // persistence is a truth too
  for (const auto& [forecast, look] : selection.looks.all())
    if (forecast == "truth" || !is_reference(forecast)) shown.emplace_back(forecast, look);
  for (const auto& [forecast, look] : shown)
    for (const auto& channel : selection.choice.channels)
      if (!selection.of("spectrum", channel, forecast).empty() &&
          (legend.empty() || legend.back().name != forecast))
        legend.push_back({forecast, look});
  Svg head;
  draw_legend(head, {0, 10}, legend);
  append_by_channel_and_lead(
      figures,
      {.id = "spectra-" + id_of(selection.choice.region),
       .title = "Energy by scale",
       .caption = "Zonal energy spectra, " + selection.choice.region +
                  ". Where a forecast falls below the truth at large "
                  "wavenumbers, its fields are too smooth.",
       .body = head.body()},
      selection.choice.channels, selection.choice.leads, 184, 34,
      [&](Svg& svg, const Box& box, const Channel& channel, int lead,
          std::vector<std::string>& numbers) {
        CurvePanel panel{.title = shown_name(channel) + ", " + shown_lead(lead),
                         .units = "",
                         .x_label = "zonal wavenumber",
                         .curves = {},
                         .logarithmic = true};
        for (const auto& [forecast, look] : shown) {
          Curve curve{look, {}};
          for (const auto* point : at_lead(selection.of("spectrum", channel, forecast), lead)) {
            if (*point->row.bin <= 0 || point->row.value <= 0) continue;
            curve.points.push_back({*point->row.bin, point->row.value});
            numbers.push_back(csv_line(point->row));
          }
          if (!curve.points.empty()) panel.curves.push_back(std::move(curve));
        }
        if (panel.curves.empty()) return false;
        draw_curves(svg, box, panel);
        return true;
      });
}

}  // namespace

std::string id_of(const std::string& text) {
  std::string id;
  for (const char c : text) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0)
      id += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    else if (!id.empty() && id.back() != '-')
      id += '-';
  }
  while (!id.empty() && id.back() == '-') id.pop_back();
  return id;
}

std::vector<std::string> own_forecasts(const std::vector<SeriesPoint>& points) {
  std::vector<std::string> own;
  for (const auto& point : points)
    if (!is_reference(point.row.forecast)) add_once(own, point.row.forecast);
  return own;
}

ScoreFigures score_figures(const std::vector<SeriesPoint>& points, const ScoreChoice& choice) {
  const Selection selection(points, choice);
  const auto forecasts = own_forecasts(points);
  ScoreFigures figures;
  for (const auto& own : forecasts) append_scorecards(figures.skill, selection, own);
  for (const auto& kind : curve_kinds()) append_figure_by_lead(figures.by_lead, selection, kind);
  for (const auto& own : forecasts) append_rank_histograms(figures.calibration, selection, own);
  for (const auto& own : forecasts) append_reliability(figures.calibration, selection, own);
  return figures;
}

std::vector<Figure> spectrum_figures(const std::vector<SeriesPoint>& points, ScoreChoice choice) {
  std::vector<Figure> figures;
  const auto first = std::find_if(points.begin(), points.end(), [](const SeriesPoint& point) {
    return point.row.score == "spectrum";
  });
  if (first == points.end()) return figures;
  choice.region = first->row.region;
  append_spectra(figures, Selection(points, choice));
  return figures;
}

}  // namespace ladcast
