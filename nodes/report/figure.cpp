#include "nodes/report/figure.h"

#include <fmt/format.h>

#include <cctype>

#include "graph/error.h"
#include "nodes/report/coastlines.h"
#include "nodes/report/report_style.h"

namespace ladcast {

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

std::string shape_definition(const std::string& id) {
  if (id != "coast") fail("the report has no shape '{}'", id);
  return fmt::format("<path id=\"coast\" d=\"{}\"/>", coastline_path());
}

std::string inline_svg(const Figure& figure) {
  return fmt::format(
      "<svg viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\" role=\"img\" "
      "aria-label=\"{2}\">\n{3}</svg>\n",
      svg_number(figure.width), svg_number(figure.height), escape_xml(figure.title), figure.body);
}

std::string svg_file(const Figure& figure) {
  std::string shapes;
  for (const auto& id : figure.shapes) shapes += shape_definition(id);
  constexpr double kMargin = 16, kHead = 34;
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"{0} {1} {2} {3}\" width=\"{2}\" "
      "height=\"{3}\">\n<title>{4}</title>\n<style>{5}</style>\n<defs>{6}</defs>\n"
      "<rect x=\"{0}\" y=\"{1}\" width=\"{2}\" height=\"{3}\" class=\"page\"/>\n"
      "<text x=\"0\" y=\"-16\" class=\"figure-title\">{4}</text>\n{7}</svg>\n",
      svg_number(-kMargin), svg_number(-kMargin - kHead), svg_number(figure.width + 2 * kMargin),
      svg_number(figure.height + 2 * kMargin + kHead), escape_xml(figure.title),
      drawing_style_written_out(), shapes, figure.body);
}

Sheet::Sheet(std::size_t panels, std::size_t columns, double height, double top)
    : panels_(panels), columns_(columns), panel_height_(height), top_(top) {}

Box Sheet::panel(std::size_t i) const {
  const auto columns = static_cast<double>(columns_);
  const double width = (kWidth - (columns - 1) * kGap) / columns;
  return {static_cast<double>(i % columns_) * (width + kGap),
          top_ + static_cast<double>(i / columns_) * panel_height_, width, panel_height_};
}

double Sheet::height() const {
  return top_ + static_cast<double>((panels_ + columns_ - 1) / columns_) * panel_height_;
}

void draw_legend(Svg& svg, SvgPoint at, const std::vector<LegendEntry>& entries) {
  constexpr double kSample = 30, kLetter = 6.6;
  for (const auto& entry : entries) {
    if (entry.band) svg.box({at.x, at.y - 6, kSample, 12}, "band " + entry.look);
    svg.line({at.x, at.y}, {at.x + kSample, at.y}, "curve " + entry.look);
    svg.text({at.x + kSample + 7, at.y + 4}, entry.name, "label");
    at.x += kSample + 7 + kLetter * static_cast<double>(entry.name.size()) + 24;
  }
}

}  // namespace ladcast
