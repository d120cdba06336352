// A figure of the report: a drawing with what is said about it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "nodes/report/svg.h"

namespace ladcast {

struct Figure {
  std::string id;       // its anchor and the name of its file; also begins the ids inside
  std::string title;    // one line, also for those who cannot see it
  std::string caption;  // how to read it
  double width = 0, height = 0;
  std::string body = {};                  // SVG elements
  std::vector<std::string> shapes = {};   // ids of shapes that the body uses
  std::vector<std::string> numbers = {};  // lines of CSV that were drawn
  std::string numbers_head = {};          // of these; empty where they are scores as csv_out writes
};

/// Letters and digits of a text with "-" between, as ids and names of files have them.
std::string id_of(const std::string& text);

/// Shapes that figures share, so that a page holds each once: "coast".
std::string shape_definition(const std::string& id);

/// The drawing as part of a page with report_style() and the definitions of its shapes.
std::string inline_svg(const Figure& figure);

/// The drawing as a file of its own.
std::string svg_file(const Figure& figure);

/// Panels side by side in rows below a legend.
class Sheet {
 public:
  static constexpr double kWidth = 1040;

  /// Places for `panels` panels with `columns` in a row, each `height` high, titles and axes
  /// included.
  Sheet(std::size_t panels, std::size_t columns, double height, double top = 34);

  /// Where a panel is, titles and axes included.
  Box panel(std::size_t i) const;
  double height() const;

 private:
  static constexpr double kGap = 18;
  std::size_t panels_, columns_;
  double panel_height_, top_;
};

/// A sample of each look with its name, in a row.
struct LegendEntry {
  std::string name;
  std::string look;   // of a line
  bool band = false;  // with a band around it
};
void draw_legend(Svg& svg, SvgPoint at, const std::vector<LegendEntry>& entries);

}  // namespace ladcast
