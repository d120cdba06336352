#include "nodes/report/svg.h"

#include <doctest/doctest.h>

using namespace ladcast;

TEST_CASE("text is escaped for XML") {
  CHECK(escape_xml("a < b & \"c\" > d") == "a &lt; b &amp; &quot;c&quot; &gt; d");
  Svg svg;
  svg.text({1, 2}, "2t < 273 & wet", "label");
  CHECK(svg.body() == "<text x=\"1\" y=\"2\" class=\"label\">2t &lt; 273 &amp; wet</text>\n");
}

TEST_CASE("numbers are as short as two decimals allow") {
  CHECK(svg_number(12.0) == "12");
  CHECK(svg_number(0.5) == "0.5");
  CHECK(svg_number(-3.14159) == "-3.14");
  CHECK(svg_number(-0.0001) == "0");
  CHECK(svg_number(100.0) == "100");
}

TEST_CASE("a path goes from point to point, a polygon back to its first") {
  Svg svg;
  svg.path({{0, 0}, {1.5, 2}}, "curve s0");
  svg.polygon({{0, 0}, {1, 0}, {1, 1}}, "band");
  CHECK(svg.body() ==
        "<path d=\"M0 0L1.5 2\" class=\"curve s0\"/>\n"
        "<path d=\"M0 0L1 0L1 1Z\" class=\"band\"/>\n");
}
