#include "nodes/report/scorecard.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "nodes/report/panel.h"

namespace ladcast {
namespace {

constexpr double kTop = 46, kRow = 21, kLabels = 172;

void draw_cell(Svg& svg, const Box& box, const ScorecardCell& cell) {
  if (cell.text.empty()) {
    svg.box(box, "cell absent");
    return;
  }
  svg.box(box, "cell");
  const double strength = std::min(1.0, std::abs(cell.shade));
  svg.raw(
      fmt::format("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" class=\"cell {}\" "
                  "fill-opacity=\"{:.2f}\"/>\n",
                  svg_number(box.x), svg_number(box.y), svg_number(box.width),
                  svg_number(box.height), cell.shade >= 0 ? "better" : "worse", 0.6 * strength));
  svg.text({box.x + box.width / 2, box.y + box.height / 2 + 4}, cell.text, "on-colour middle");
}

}  // namespace

double scorecard_height(const Scorecard& card) {
  return kTop + kRow * static_cast<double>(card.rows.size());
}

void draw_scorecard(Svg& svg, const Box& box, const Scorecard& card) {
  draw_panel_title(svg, box, card.title);
  const double column =
      (box.width - kLabels) / static_cast<double>(std::max<std::size_t>(1, card.columns.size()));
  for (std::size_t c = 0; c < card.columns.size(); ++c)
    svg.text({box.x + kLabels + (static_cast<double>(c) + 0.5) * column, box.y + kTop - 8},
             card.columns[c], "tick middle");
  for (std::size_t r = 0; r < card.rows.size(); ++r) {
    const double y = box.y + kTop + static_cast<double>(r) * kRow;
    svg.text({box.x, y + kRow / 2 + 4}, card.rows[r], "small");
    for (std::size_t c = 0; c < card.columns.size(); ++c)
      draw_cell(svg, {box.x + kLabels + static_cast<double>(c) * column, y, column, kRow},
                card.cells[r][c]);
  }
}

}  // namespace ladcast
