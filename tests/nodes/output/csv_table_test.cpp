#include "nodes/output/csv_table.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <limits>
#include <sstream>

using namespace ladcast;

namespace {

const Channel kGeopotential{"geopotential", 500, "m2 s-2"};

ScoreRow row(int lead_hours, const char* forecast, const char* score, double value) {
  return {{}, lead_hours, forecast, "global", kGeopotential, score, {}, {}, value, 1.0, 14};
}

}  // namespace

TEST_CASE("what was scored in part is told with the part") {
  std::vector<ScoreRow> rows = {row(6, "model", "rmse", 5), row(12, "model", "rmse", 5),
                                row(6, "persistence", "rmse", 5), row(6, "model", "mae", 5)};
  CHECK(partly_scored(rows, 8) == "");
  rows[0].weight = 0.66;
  rows[1].weight = 0.5;
  rows[3].weight = 0.1;
  CHECK(partly_scored(rows, 8) ==
        "geopotential 500 hPa of model, global: 50.0 to 66.0 % of the area was scored, the rest is "
        "missing\n");
  rows = {row(6, "model", "members_used", 8), row(12, "model", "members_used", 6.5)};
  CHECK(
      partly_scored(rows, 8) ==
      "geopotential 500 hPa of model, global: 6.5 of 8 members were there on average, the rest is "
      "missing\n");
}

TEST_CASE("a score of fewer initial times than the forecast is told with their number") {
  std::vector<ScoreRow> rows = {row(6, "model", "rmse", 5),     row(6, "model", "efi", 5),
                                row(6, "model", "mae", 5),      row(12, "model", "rmse", 5),
                                row(12, "model", "efi", 5),     row(6, "persistence", "rmse", 5),
                                row(6, "persistence", "mae", 5)};
  CHECK(partly_scored(rows, 8) == "");
  rows[1].count = 9;
  rows[4].count = 3;
  rows[5].count = rows[6].count = 7;
  CHECK(partly_scored(rows, 8) ==
        "geopotential 500 hPa of model, global: efi, 3 of 14 initial times were scored, the rest "
        "is missing\n"
        "geopotential 500 hPa of persistence, global: 7 of 14 initial times were scored, the rest "
        "is missing\n");
}

TEST_CASE("of several regions the table shows the first") {
  auto elsewhere = row(6, "model", "rmse", 7);
  elsewhere.region = "tropics";
  const std::string table =
      score_table(std::vector{row(6, "model", "rmse", 5), elsewhere}, {"rmse"});
  CHECK(table.find("\nregion ") != std::string::npos);
  CHECK(table.find(" global\n") != std::string::npos);
  CHECK(table.find("5.000") != std::string::npos);
  CHECK(table.find("7.000") == std::string::npos);
}

TEST_CASE("the table shows each forecast by lead") {
  const std::vector<ScoreRow> rows{
      row(6, "model", "rmse", 163.82),   row(6, "persistence", "rmse", 196.6),
      row(6, "model", "bias", -0.00021), row(24, "model", "rmse", 22.163),
      row(36, "model", "rmse", 123456),  row(36, "persistence", "rmse", 0.55)};
  CHECK(score_table(rows, {"rmse", "bias", "acc"}) ==
        "lead                             6 h      1 d     36 h\n"
        "initial times                     14       14       14\n"
        "geopotential 500 hPa [m2 s-2]\n"
        "  rmse         model           163.8    22.16 1.23e+05\n"
        "               persistence     196.6        -   0.5500\n"
        "  bias         model        -2.1e-04        -        -\n");
}

TEST_CASE("of many leads eight are shown, within 100 characters") {
  std::vector<ScoreRow> rows;
  for (int lead = 6; lead <= 360; lead += 6) {
    rows.push_back(row(lead, "model", "rmse", lead));
    rows.push_back(row(lead, "climatology", "rmse", lead));
  }
  std::istringstream table(score_table(rows, {"rmse"}));
  std::string line;
  std::getline(table, line);
  CHECK(line.substr(27) ==
        "      6 h      1 d      2 d      3 d      5 d      7 d     10 d     15 d");
  while (std::getline(table, line)) CHECK(line.size() <= 100);
}

TEST_CASE("a long name of a forecast takes room from the leads, not from the line") {
  std::vector<ScoreRow> rows;
  for (int lead = 6; lead <= 48; lead += 6)
    rows.push_back(
        row(lead, "an-ensemble-with-a-very-long-name-that-goes-on-and-on", "rmse", lead));
  std::istringstream table(score_table(rows, {"rmse"}));
  for (std::string line; std::getline(table, line);) CHECK(line.size() <= 100);
}

TEST_CASE("the last lead is always shown") {
  CHECK(shown_leads({6, 12, 18, 24, 30, 36, 42, 48}, 8).size() == 8);
  CHECK(shown_leads({6, 12, 18, 24, 30, 36, 42, 48}, 3) == std::vector<int>{6, 24, 48});
  CHECK(shown_leads({6, 12, 18, 24, 30, 36, 42, 48}, 1) == std::vector<int>{48});
  CHECK(shown_leads({12, 24, 36, 48, 60, 72, 84, 96, 108}, 5) == std::vector<int>{24, 48, 72, 108});
  CHECK(shown_leads({}, 8).empty());
}

TEST_CASE("without any row the table says so") {
  CHECK(score_table({}, {"rmse"}) == "no scores: there was no truth for any lead\n");
}

TEST_CASE("what had no value shows as a stroke, and a line tells of it") {
  const double none = std::numeric_limits<double>::quiet_NaN();
  const std::vector<ScoreRow> rows{row(6, "model", "rmse", none), row(24, "model", "rmse", none),
                                   row(24, "model", "mae", none), row(6, "persistence", "rmse", 2)};
  CHECK(score_table(rows, {"rmse"}).find("  rmse         model               -        -\n") !=
        std::string::npos);
  CHECK(unscored(std::span(rows).first(3)) ==
        "geopotential 500 hPa of model, global: nothing was there to be scored at 6 h, 1 d\n");
  CHECK(partly_scored(rows, 8) == "");
  const std::vector<ScoreRow> none_there{row(6, "model", "members_used", 0)};
  CHECK(partly_scored(none_there, 8) == "");  // unscored() tells it
}

TEST_CASE("scores that are not there are told with those that are") {
  const std::vector<ScoreRow> rows{row(6, "model", "rmse", 5), row(6, "model", "bias", 1)};
  CHECK(unknown_scores(rows, {"rmse"}) == "");
  CHECK(unknown_scores(rows, {"rmsee", "rmse", "acc"}) ==
        "table names rmsee, acc, which no forecast has; there are bias, rmse\n");
  CHECK(unknown_scores({}, {"rmse"}) == "");
}
