#include "nodes/report/panel.h"

#include <fmt/format.h>

#include <cmath>

namespace ladcast {

Box plot_within(const Box& box) {
  constexpr double kLeft = 46, kRight = 8, kTop = 26, kBottom = 42;
  return {box.x + kLeft, box.y + kTop, box.width - kLeft - kRight, box.height - kTop - kBottom};
}

void draw_panel_title(Svg& svg, const Box& box, const std::string& title,
                      const std::string& units) {
  svg.raw(fmt::format("<text x=\"{}\" y=\"{}\"><tspan class=\"panel-title\">{}</tspan>",
                      svg_number(box.x), svg_number(box.y + 14), escape_xml(title)));
  if (!units.empty()) svg.raw(fmt::format(" <tspan class=\"note\">{}</tspan>", escape_xml(units)));
  svg.raw("</text>\n");
}

void draw_left_axis(Svg& svg, const Box& plot, const Scale& scale, const std::vector<double>& ticks,
                    const std::vector<std::string>& labels) {
  for (std::size_t i = 0; i < ticks.size(); ++i) {
    const double y = scale.at(ticks[i]);
    svg.line({plot.x, y}, {plot.right(), y}, "grid");
    svg.text({plot.x - 6, y + 4}, labels[i], "tick end");
  }
}

void draw_bottom_axis(Svg& svg, const Box& plot, const Scale& scale,
                      const std::vector<double>& ticks, const std::vector<std::string>& labels,
                      const std::string& label) {
  svg.line({plot.x, plot.bottom()}, {plot.right(), plot.bottom()}, "axis");
  for (std::size_t i = 0; i < ticks.size(); ++i) {
    const double x = scale.at(ticks[i]);
    svg.line({x, plot.bottom()}, {x, plot.bottom() + 4}, "axis");
    svg.text({x, plot.bottom() + 16}, labels[i], "tick middle");
  }
  if (!label.empty()) svg.text({plot.x + plot.width / 2, plot.bottom() + 31}, label, "tick middle");
}

std::vector<std::string> power_labels(const std::vector<double>& values) {
  static const char* const kRaised[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  std::vector<std::string> labels;
  for (const double value : values) {
    const double power = std::log10(value);
    if (std::abs(power - std::round(power)) > 1e-9 || std::abs(power) < 2.5) {
      labels.push_back(fmt::format("{:.3g}", value));
      continue;
    }
    std::string label = power < 0 ? "10⁻" : "10";
    for (const char digit : std::to_string(std::abs(std::lround(power))))
      label += kRaised[digit - '0'];
    labels.push_back(label);
  }
  return labels;
}

}  // namespace ladcast
