#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "nodes/output/csv_file.h"
#include "nodes/report/axis.h"
#include "nodes/report/score_drawings.h"
#include "nodes/report/scorecard.h"

namespace ladcast {
namespace {

/// 1 - CRPS / CRPS of the reference, in per cent.
Scorecard scorecard_against(const ScoreSelection& selection, const std::string& own,
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
      cells.back() = {shown_percent(100 * skill, 0), skill / 0.6};
      numbers.push_back(csv_line(ours->row));
      numbers.push_back(csv_line(theirs->row));
    }
    if (!any) continue;
    card.rows.push_back(shown_name(channel));
    card.cells.push_back(std::move(cells));
  }
  return card;
}

}  // namespace

void append_scorecards(std::vector<Figure>& figures, const ScoreSelection& selection,
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

}  // namespace ladcast
