#include <doctest/doctest.h>

#include <cmath>

#include "nodes/report/curves.h"
#include "nodes/report/diagrams.h"
#include "nodes/report/scorecard.h"
#include "tests/nodes/report/score_points.h"

using namespace ladcast;

namespace {

const Box kBox{0, 0, 300, 200};

}  // namespace

TEST_CASE("a chart has a curve for each series, with a band where there is one") {
  CurvePanel panel{.title = "Z500", .units = "m", .x_label = "lead"};
  panel.days = true;
  panel.curves = {{"s0", {{1, 10, 8, 12}, {2, 20, 15, 25}}}, {"s1", {{1, 5}, {2, 6}}}};
  Svg svg;
  draw_curves(svg, kBox, panel);
  CHECK(count(svg.body(), "class=\"curve s0\"") == 1);
  CHECK(count(svg.body(), "class=\"curve s1\"") == 1);
  CHECK(count(svg.body(), "class=\"band s0\"") == 1);
  CHECK(count(svg.body(), "class=\"band s1\"") == 0);
}

TEST_CASE("a chart shows the numbers to scale") {
  CurvePanel panel{.title = "", .units = "", .x_label = ""};
  panel.curves = {{"s0", {{0, 0}, {5, 5}, {10, 10}}}};
  Svg svg;
  draw_curves(svg, kBox, panel);
  // The plot is 246 x 132 from (46, 26).
  CHECK(svg.body().find("M46 158L169 92L292 26") != std::string::npos);
}

TEST_CASE("a single lead is a dot") {
  CurvePanel panel{.title = "", .units = "", .x_label = ""};
  panel.curves = {{"s0", {{1, 3}}}};
  Svg svg;
  draw_curves(svg, kBox, panel);
  CHECK(count(svg.body(), "<circle") == 1);
}

TEST_CASE("a rank histogram has a bar for each rank and the flat line at its height") {
  Svg svg;
  draw_rank_histogram(svg, kBox, {"ranks", {0.5, 0.25, 0.25}}, 0.5);
  CHECK(count(svg.body(), "class=\"bar s0\"") == 3);
  // A third of 132 below the top of 0.5, from the bottom at 158.
  CHECK(svg.body().find("y1=\"70\" x2=\"292\" y2=\"70\" class=\"curve s6 dashed\"") !=
        std::string::npos);
}

TEST_CASE("a reliability diagram leaves out probabilities that were never forecast") {
  Svg svg;
  draw_reliability(svg, kBox, {"events", {{0, 0.1, 0.5}, {0.5, std::nan(""), 0}, {1, 0.8, 0.5}}});
  CHECK(count(svg.body(), "<circle") == 2);
  CHECK(count(svg.body(), "class=\"reference\"") == 1);
  CHECK(svg.body().find("nan") == std::string::npos);
}

TEST_CASE("a scorecard tells better from worse by colour and by sign") {
  const Scorecard card{"Against climatology",
                       {"Z500", "T850"},
                       {"day 1", "day 5"},
                       {{{"+40", 0.7}, {"−5", -0.1}}, {{"+1", 0.01}, {}}}};
  Svg svg;
  draw_scorecard(svg, kBox, card);
  CHECK(count(svg.body(), "cell better") == 2);
  CHECK(count(svg.body(), "cell worse") == 1);
  CHECK(count(svg.body(), "cell absent") == 1);
  CHECK(svg.body().find(">−5<") != std::string::npos);
  CHECK(scorecard_height(card) > 2 * 20);
}
