#include "nodes/output/score_cells.h"

#include <doctest/doctest.h>

#include <cmath>

#include "tests/nodes/error_message.h"

using namespace ladcast;

namespace {

ScoreRow row(const char* score, int lead_hours, double value) {
  return {{}, lead_hours, "model", "global", {"geopotential", 500, "m2 s-2"}, score, {},
          {}, value,      0.5,     3};
}

}  // namespace

TEST_CASE("cells of bins lie side by side, and what has no row is missing") {
  ScoreAxes axes({6, 12});
  ScoreArrays arrays;
  ScoreRow later = row("rank_histogram", 12, 7);
  later.bin = 1.0;
  axes.add(arrays, later);
  const auto cells = axes.together(arrays.at("rank_histogram"), {0, 0}, {0.0, 1.0});
  REQUIRE(cells.value.size() == 4);
  CHECK(std::isnan(cells.value[0]));
  CHECK(std::isnan(cells.value[2]));
  CHECK(cells.value[3] == 7);
  CHECK(cells.count == std::vector<int>{0, 0, 0, 3});
  CHECK(cells.weight == std::vector<double>{0, 0, 0, 0.5});
  CHECK(axes.channels().texts() == std::vector<std::string>{"geopotential 500"});
}

TEST_CASE("rows that have no place in the arrays are refused") {
  ScoreAxes axes({6});
  ScoreArrays arrays;
  axes.add(arrays, row("bias", 6, 1));
  CHECK(contains(error_of([&] { axes.add(arrays, row("bias", 12, 1)); }),
                 "a score of 12 h, which is no lead of the plan"));
  ScoreRow event = row("bias", 6, 1);
  event.event = "> 300";
  CHECK(contains(error_of([&] { axes.add(arrays, event); }),
                 "some rows of the score 'bias' have an event"));
}
