#include "nodes/report/svg.h"

#include <fmt/format.h>

#include <cassert>
#include <cmath>

namespace ladcast {

std::string escape_xml(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '&')
      result += "&amp;";
    else if (c == '<')
      result += "&lt;";
    else if (c == '>')
      result += "&gt;";
    else if (c == '"')
      result += "&quot;";
    else
      result += c;
  }
  return result;
}

std::string svg_number(double value) {
  assert(std::isfinite(value));
  std::string text = fmt::format("{:.2f}", value);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text == "-0" ? "0" : text;
}

std::string svg_path(const std::vector<SvgPoint>& points) {
  std::string path;
  for (const auto& point : points)
    path += (path.empty() ? "M" : "L") + svg_number(point.x) + " " + svg_number(point.y);
  return path;
}

void Svg::line(SvgPoint from, SvgPoint to, std::string_view look) {
  body_ +=
      fmt::format("<line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\" class=\"{}\"/>\n",
                  svg_number(from.x), svg_number(from.y), svg_number(to.x), svg_number(to.y), look);
}

void Svg::path(const std::vector<SvgPoint>& points, std::string_view look) {
  body_ += fmt::format("<path d=\"{}\" class=\"{}\"/>\n", svg_path(points), look);
}

void Svg::polygon(const std::vector<SvgPoint>& points, std::string_view look) {
  body_ += fmt::format("<path d=\"{}Z\" class=\"{}\"/>\n", svg_path(points), look);
}

void Svg::box(const Box& box, std::string_view look) {
  body_ += fmt::format("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" class=\"{}\"/>\n",
                       svg_number(box.x), svg_number(box.y), svg_number(box.width),
                       svg_number(box.height), look);
}

void Svg::dot(SvgPoint at, double radius, std::string_view look) {
  body_ += fmt::format("<circle cx=\"{}\" cy=\"{}\" r=\"{}\" class=\"{}\"/>\n", svg_number(at.x),
                       svg_number(at.y), svg_number(radius), look);
}

void Svg::text(SvgPoint at, std::string_view text, std::string_view look) {
  body_ += fmt::format("<text x=\"{}\" y=\"{}\" class=\"{}\">{}</text>\n", svg_number(at.x),
                       svg_number(at.y), look, escape_xml(text));
}

void Svg::text_upward(SvgPoint at, std::string_view text, std::string_view look) {
  body_ += fmt::format(
      "<text x=\"{0}\" y=\"{1}\" transform=\"rotate(-90 {0} {1})\" class=\"{2}\">{3}</text>\n",
      svg_number(at.x), svg_number(at.y), look, escape_xml(text));
}

}  // namespace ladcast
