#include "nodes/report/comparison_figure.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <sstream>

#include "nodes/report/axis.h"
#include "nodes/report/scorecard.h"

namespace ladcast {
namespace {

constexpr double kFullShade = 0.2;  // the relative difference of the strongest colour
constexpr double kLeastShade = 0.25;

ScorecardCell cell_of(const ComparedScore& compared) {
  const double percent = 100.0 * compared.relative;
  if (!std::isfinite(percent)) return {};
  ScorecardCell cell{shown_percent(percent, 1), 0.0};
  const double shade = std::max(kLeastShade, std::abs(compared.relative) / kFullShade);
  if (compared.judgement == Judgement::better) cell.shade = shade;
  if (compared.judgement == Judgement::worse) cell.shade = -shade;
  return cell;
}

template <class T>
std::size_t place_of(std::vector<T>& list, const T& value) {
  const auto found = std::find(list.begin(), list.end(), value);
  const auto place = static_cast<std::size_t>(found - list.begin());
  if (found == list.end()) list.push_back(value);
  return place;
}

Scorecard card_of(const std::vector<const ComparedScore*>& cells) {
  Scorecard card{.title = cells.front()->name.score, .rows = {}, .columns = {}, .cells = {}};
  std::vector<int> leads;
  for (const ComparedScore* each : cells) place_of(leads, each->name.lead_hours);
  std::sort(leads.begin(), leads.end());
  for (const int lead : leads) card.columns.push_back(shown_lead(lead));
  for (const ComparedScore* each : cells) {
    const std::size_t row = place_of(card.rows, shown_name(each->name.channel));
    if (row == card.cells.size()) card.cells.emplace_back(leads.size());
    card.cells[row][place_of(leads, each->name.lead_hours)] = cell_of(*each);
  }
  return card;
}

/// Of the cells alone, as scorecard_out writes them.
void append_numbers(Figure& figure, const RunComparison& shown) {
  std::istringstream lines(scorecard_csv(shown));
  std::getline(lines, figure.numbers_head);
  for (std::string line; std::getline(lines, line);) figure.numbers.push_back(line);
}

}  // namespace

Figure comparison_figure(const RunComparison& comparison, const ScorecardView& view,
                         const std::string& title) {
  Figure figure{.id = "scorecard",
                .title = title,
                .caption = fmt::format(
                    "Relative difference in per cent, {}. Blue is significantly better, orange "
                    "significantly worse, at a false discovery rate of {:g} %.",
                    comparison.cells.front().name.region, 200.0 * comparison.settings.alpha)};
  std::vector<std::string> scores;
  std::vector<std::vector<const ComparedScore*>> by_score;
  RunComparison shown{.settings = comparison.settings, .cells = {}, .left_out = {}};
  for (const ComparedScore& cell : comparison.cells) {
    if (!view.shows(comparison, cell)) continue;
    shown.cells.push_back(cell);
    const std::size_t place = place_of(scores, cell.name.score);
    if (place == by_score.size()) by_score.emplace_back();
    by_score[place].push_back(&cell);
  }
  Svg svg;
  double top = 0;
  for (std::size_t i = 0; i < by_score.size(); ++i) {
    const Scorecard card = card_of(by_score[i]);
    const double height = scorecard_height(card);
    Box box = Sheet(2, 2, height, 0).panel(i % 2);
    box.y += top;
    draw_scorecard(svg, box, card);
    figure.height = std::max(figure.height, top + height);
    if (i % 2 == 1) top = figure.height + 20;
  }
  figure.width = Sheet::kWidth;
  figure.body = svg.body();
  const auto too_few =
      std::count_if(shown.cells.begin(), shown.cells.end(),
                    [](const ComparedScore& cell) { return cell.judgement == Judgement::too_few; });
  if (too_few > 0)
    figure.caption += fmt::format(" {} of {} cells have too few initial times for a test.", too_few,
                                  shown.cells.size());
  append_numbers(figure, shown);
  return figure;
}

}  // namespace ladcast
