// Scalable vector graphics: elements as text, with their classes for the style sheet.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ladcast {

/// Text between tags or inside quotes: & < > " are escaped.
std::string escape_xml(std::string_view text);

/// Two decimals at most, as short as it goes: "12", "0.5", "-3.14". What is not finite is a bug.
std::string svg_number(double value);

struct Box {
  double x = 0, y = 0, width = 0, height = 0;
  double right() const { return x + width; }
  double bottom() const { return y + height; }
};

struct SvgPoint {
  double x = 0, y = 0;
};

/// The elements of a drawing, one after the other. `look` is a list of classes of
/// report_style.h.
class Svg {
 public:
  void line(SvgPoint from, SvgPoint to, std::string_view look);
  void path(const std::vector<SvgPoint>& points, std::string_view look);
  void polygon(const std::vector<SvgPoint>& points, std::string_view look);
  void box(const Box& box, std::string_view look);
  void dot(SvgPoint at, double radius, std::string_view look);
  void text(SvgPoint at, std::string_view text, std::string_view look);
  /// Read upward.
  void text_upward(SvgPoint at, std::string_view text, std::string_view look);
  /// Elements that are written already.
  void raw(std::string_view elements) { body_ += elements; }

  const std::string& body() const { return body_; }

 private:
  std::string body_;
};

/// "M0 0L1 2L3 4".
std::string svg_path(const std::vector<SvgPoint>& points);

}  // namespace ladcast
