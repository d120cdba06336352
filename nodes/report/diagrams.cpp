#include "nodes/report/diagrams.h"

#include <algorithm>
#include <cmath>

#include "nodes/report/axis.h"
#include "nodes/report/panel.h"

namespace ladcast {

void draw_rank_histogram(Svg& svg, const Box& box, const RankHistogramPanel& panel,
                         double highest) {
  draw_panel_title(svg, box, panel.title);
  const Box plot = plot_within(box);
  const Scale y(0, highest, plot.bottom(), plot.y);
  const auto ticks = round_ticks(0, highest, 3);
  std::vector<double> percents;
  for (const double tick : ticks) percents.push_back(100 * tick);
  auto labels = tick_labels(percents);
  for (auto& label : labels) label += " %";
  draw_left_axis(svg, plot, y, ticks, labels);
  const auto ranks = static_cast<double>(panel.shares.size());
  const double step = plot.width / ranks, gap = std::min(1.0, step / 5);
  for (std::size_t i = 0; i < panel.shares.size(); ++i) {
    const double top = y.at(std::min(panel.shares[i], highest));
    svg.box(
        {plot.x + static_cast<double>(i) * step + gap / 2, top, step - gap, plot.bottom() - top},
        "bar s0");
  }
  svg.line({plot.x, y.at(1 / ranks)}, {plot.right(), y.at(1 / ranks)}, "curve s6 dashed");
  svg.line({plot.x, plot.bottom()}, {plot.right(), plot.bottom()}, "axis");
  svg.text({plot.x, plot.bottom() + 15}, "truth below all", "tick");
  svg.text({plot.right(), plot.bottom() + 15}, "above all", "tick end");
}

void draw_reliability(Svg& svg, const Box& box, const ReliabilityPanel& panel) {
  constexpr double kSharpness = 34, kRare = 0.001;
  draw_panel_title(svg, box, panel.title);
  Box plot = plot_within(box);
  plot.height -= kSharpness + 8;
  const Scale x(0, 1, plot.x, plot.right()), y(0, 1, plot.bottom(), plot.y);
  const auto ticks = round_ticks(0, 1, 5);
  draw_left_axis(svg, plot, y, ticks, tick_labels(ticks));
  svg.line({x.at(0), y.at(0)}, {x.at(1), y.at(1)}, "reference");

  double largest = 0;
  std::vector<SvgPoint> line;
  for (const auto& point : panel.points) {
    largest = std::max(largest, point.forecast_share);
    if (!std::isnan(point.frequency) && point.forecast_share >= kRare)
      line.push_back({x.at(point.probability), y.at(point.frequency)});
  }
  if (line.size() > 1) svg.path(line, "curve s0");
  for (const auto& point : panel.points)
    if (!std::isnan(point.frequency))
      svg.dot({x.at(point.probability), y.at(point.frequency)},
              1.5 + 3 * std::sqrt(point.forecast_share / largest),
              point.forecast_share >= kRare ? "dot s0" : "dot s0 faint");

  const Box bars{plot.x, plot.bottom() + 8, plot.width, kSharpness};
  const double width = std::max(2.0, 0.6 * plot.width / static_cast<double>(panel.points.size()));
  for (const auto& point : panel.points) {
    const double height = largest > 0 ? bars.height * point.forecast_share / largest : 0;
    const double left =
        std::clamp(x.at(point.probability) - width / 2, bars.x, bars.right() - width);
    svg.box({left, bars.bottom() - height, width, height}, "bar s0");
  }
  svg.text({bars.x - 6, bars.bottom()}, "share", "tick end");
  draw_bottom_axis(svg, {plot.x, bars.y, bars.width, bars.height}, x, ticks, tick_labels(ticks),
                   "forecast probability");
}

}  // namespace ladcast
