#include "nodes/report/figure.h"

#include <doctest/doctest.h>

#include "tests/nodes/report/score_points.h"

using namespace ladcast;

namespace {

Figure map_figure() {
  return {.id = "map",
          .title = "Heights & \"winds\"",
          .caption = "two\nlines",
          .width = 10.5,
          .height = 20,
          .body = "<use href=\"#coast\"/>\n",
          .shapes = {"coast"},
          .numbers = {"a,b", "c,d"}};
}

}  // namespace

TEST_CASE("a figure as a file brings its style and its shapes along") {
  const std::string file = svg_file(map_figure());
  CHECK(file.starts_with("<svg xmlns="));
  CHECK(file.find("<title>Heights &amp; &quot;winds&quot;</title>") != std::string::npos);
  CHECK(count(file, "id=\"coast\"") == 1);
  CHECK(file.find("prefers-color-scheme: dark") != std::string::npos);
  CHECK(count(file, "var(") == 0);  // which browsers alone know
  CHECK(file.find("svg text { fill: #1b1f24; }") < file.find("svg text { fill: #e8eaed; }"));
}

TEST_CASE("a figure within a page leaves both to the page") {
  const std::string drawing = inline_svg(map_figure());
  CHECK(count(drawing, "id=\"coast\"") == 0);
  CHECK(drawing.find("viewBox=\"0 0 10.5 20\"") != std::string::npos);
}

TEST_CASE("ids hold letters, digits and single dashes") {
  CHECK(id_of("34.5 to 72 N") == "34-5-to-72-n");
  CHECK(id_of("> 303.15") == "303-15");
}

TEST_CASE("panels of a sheet fill its width and do not overlap") {
  const Sheet sheet(7, 3, 100);
  CHECK(sheet.panel(2).right() == doctest::Approx(Sheet::kWidth));
  CHECK(sheet.panel(0).right() < sheet.panel(1).x);
  CHECK(sheet.panel(3).y == sheet.panel(0).bottom());
  CHECK(sheet.panel(6).bottom() == sheet.height());
}
