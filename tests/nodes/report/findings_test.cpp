#include "nodes/report/findings.h"

#include <doctest/doctest.h>

#include "tests/nodes/report/score_points.h"

using namespace ladcast;

namespace {

const ScoreChoice kChoice{{kZ500}, "global", {24, 48, 72}};

std::vector<SeriesPoint> points() {
  std::vector<SeriesPoint> all;
  for (const auto& [lead, model, climatology, persistence] :
       {std::tuple{24, 100.0, 500.0, 90.0}, {48, 300.0, 500.0, 400.0}, {72, 600.0, 500.0, 700.0}}) {
    all.push_back({score_row("rmse", lead, model)});
    all.push_back({score_row("crps_fair", lead, model / 2)});
    all.push_back({score_row("spread_skill", lead, 0.8)});
    all.push_back({score_row("rmse", lead, climatology, "climatology")});
    all.push_back({score_row("crps_fair", lead, 200, "climatology")});
    all.push_back({score_row("rmse", lead, persistence, "persistence")});
  }
  return all;
}

}  // namespace

TEST_CASE("leads at which something holds are told in words") {
  CHECK(when({{24, true}, {48, true}}) == "at all leads");
  CHECK(when({{24, false}, {48, false}}) == "at no lead");
  CHECK(when({{24, true}, {48, true}, {72, false}}) == "until day 2");
  CHECK(when({{6, false}, {24, true}, {48, true}}) == "from day 1 on");
  CHECK(when({{6, false}, {24, true}, {48, true}, {72, false}}) == "from day 1 to day 2");
  CHECK(when({{6, false}, {24, true}, {48, false}}) == "at day 1 alone");
  CHECK(when({{24, true}, {48, false}, {72, true}}) == "at 2 of 3 leads");
}

TEST_CASE("the main finding is about the first headline channel") {
  CHECK(
      main_finding(points(), kChoice) ==
      "For geopotential 500 hPa, the mean of 'model' is better than climatology until day 2 and "
      "than persistence from day 2 on. At day 2 its spread is 0.80 times what its error asks for: "
      "the ensemble is too sure of itself.");
}

TEST_CASE("what is beaten at the same leads is told together") {
  std::vector<SeriesPoint> all;
  for (const char* forecast : {"model", "climatology", "persistence"})
    all.push_back({score_row("rmse", 24, forecast == std::string("model") ? 1 : 2, forecast)});
  CHECK(main_finding(all, kChoice) ==
        "For geopotential 500 hPa, the mean of 'model' is better than climatology and persistence "
        "at all leads.");
}

TEST_CASE("the main finding names its region") {
  ScoreChoice choice = kChoice;
  choice.region = "tropics land";
  std::vector<SeriesPoint> all = points();
  for (auto& point : all) point.row.region = "tropics land";
  CHECK(main_finding(all, choice)
            .starts_with("For geopotential 500 hPa over tropics land, the mean of 'model'"));
}

TEST_CASE("without references the main finding is the spread alone") {
  std::vector<SeriesPoint> all = {{score_row("rmse", 48, 3)}, {score_row("spread_skill", 48, 1)}};
  CHECK(main_finding(all, kChoice) ==
        "For geopotential 500 hPa, at day 2 the spread of 'model' is 1.00 times what the error "
        "asks for: the two agree.");
}

TEST_CASE("the table has the numbers of the first, middle and last lead") {
  const auto table = glance_table(points(), kChoice);
  REQUIRE(table.size() == 2);
  CHECK(table[1] == std::vector<std::string>{"Geopotential 500 hPa", "m² s⁻²", "100", "300", "600",
                                             "until day 2", "from day 2 on", "+25 %", "0.80"});
}

TEST_CASE("without scores nothing is found") {
  CHECK(main_finding({}, kChoice).empty());
  CHECK(glance_table({}, kChoice).empty());
}
