#include "nodes/report/curves.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "nodes/report/axis.h"
#include "nodes/report/panel.h"

namespace ladcast {
namespace {

struct Extent {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();
  void add(double value) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
};

bool is_y_logarithmic(const CurvePanel& panel) { return panel.logarithmic || panel.logarithmic_y; }

Extent extent_of_x(const CurvePanel& panel) {
  Extent x;
  for (const auto& curve : panel.curves)
    for (const auto& point : curve.points) x.add(point.x);
  if (panel.days) x.low = 0;
  return x;
}

Span span_of_y(const CurvePanel& panel) {
  Extent y;
  for (const auto& curve : panel.curves)
    for (const auto& point : curve.points) {
      y.add(point.low.value_or(point.y));
      y.add(point.high.value_or(point.y));
    }
  if (panel.from_zero) y.add(0);
  if (panel.reference) y.add(*panel.reference);
  if (panel.covers) {
    y.add(panel.covers->low);
    y.add(panel.covers->high);
  }
  if (is_y_logarithmic(panel)) return {y.low / 1.3, y.high * 1.3};
  return round_span(y.low, y.high, 5);
}

void draw_curve(Svg& svg, const Curve& curve, const Scale& x, const Scale& y) {
  std::vector<SvgPoint> line, lower, upper;
  for (const auto& point : curve.points) {
    line.push_back({x.at(point.x), y.at(point.y)});
    if (!point.low || !point.high) continue;
    lower.push_back({x.at(point.x), y.at(*point.low)});
    upper.push_back({x.at(point.x), y.at(*point.high)});
  }
  if (upper.size() > 1) {
    upper.insert(upper.end(), lower.rbegin(), lower.rend());
    svg.polygon(upper, "band " + curve.look);
  }
  if (line.size() == 1)
    svg.dot(line.front(), 3, "dot " + curve.look);
  else
    svg.path(line, "curve " + curve.look);
}

}  // namespace

void draw_curves(Svg& svg, const Box& box, const CurvePanel& panel) {
  const Extent x_extent = extent_of_x(panel);
  if (x_extent.low > x_extent.high) return;
  const bool one_place = x_extent.low == x_extent.high;
  const double x_high = one_place ? x_extent.low * 1.1 + 1 : x_extent.high;
  const Span span = span_of_y(panel);
  const Box plot = plot_within(box);
  const Scale x(x_extent.low, x_high, plot.x, plot.right(), panel.logarithmic);
  const Scale y(span.low, span.high, plot.bottom(), plot.y, is_y_logarithmic(panel));

  draw_panel_title(svg, box, panel.title, panel.units);
  const bool powers = is_y_logarithmic(panel);
  const auto y_ticks =
      powers ? decade_ticks(span.low, span.high) : round_ticks(span.low, span.high, 5);
  draw_left_axis(svg, plot, y, y_ticks, powers ? power_labels(y_ticks) : tick_labels(y_ticks));
  const auto x_ticks = panel.days          ? day_ticks(x_high)
                       : panel.logarithmic ? decade_ticks(x_extent.low, x_high)
                                           : round_ticks(x_extent.low, x_high, 5);
  draw_bottom_axis(svg, plot, x, x_ticks, tick_labels(x_ticks), panel.x_label);
  if (panel.reference)
    svg.line({plot.x, y.at(*panel.reference)}, {plot.right(), y.at(*panel.reference)}, "reference");
  for (auto curve = panel.curves.rbegin(); curve != panel.curves.rend(); ++curve)
    draw_curve(svg, *curve, x, y);  // the first on top
}

}  // namespace ladcast
