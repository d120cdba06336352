#include "nodes/report/score_figures.h"

#include <doctest/doctest.h>

#include "tests/nodes/report/score_points.h"

using namespace ladcast;

namespace {

const ScoreChoice kChoice{{kZ500}, "global", {24, 120}};

std::vector<SeriesPoint> curves() {
  std::vector<SeriesPoint> points;
  for (const int lead : {24, 72, 120})
    for (const char* forecast : {"model", "persistence", "climatology"}) {
      points.push_back({score_row("rmse", lead, 10 + lead, forecast)});
      points.push_back({score_row("crps_fair", lead, 5 + lead, forecast)});
      if (forecast == std::string("model")) {
        points.push_back({score_row("spread", lead, 8 + lead)});
        points.push_back({score_row("spread_skill", lead, 0.9)});
      }
    }
  return points;
}

const Figure* find(const std::vector<Figure>& figures, const std::string& id) {
  for (const auto& figure : figures)
    if (figure.id == id) return &figure;
  return nullptr;
}

}  // namespace

TEST_CASE("each score that there is has a figure, with the rows that it draws") {
  const auto figures = score_figures(curves(), kChoice);
  CHECK(figures.by_lead.size() == 3);
  const Figure* rmse = find(figures.by_lead, "rmse-global");
  REQUIRE(rmse != nullptr);
  CHECK(rmse->numbers.size() == 4 * 3);
  CHECK(rmse->numbers.front() == ",24,model,global,geopotential,500,rmse,,,34,1,1");
  CHECK(rmse->body.find("spread of model") != std::string::npos);
  CHECK(find(figures.by_lead, "acc-global") == nullptr);
  CHECK(figures.calibration.empty());
  CHECK(spectrum_figures(curves(), kChoice).empty());
}

TEST_CASE("other regions and channels are not drawn") {
  auto points = curves();
  points.push_back({score_row("rmse", 24, 1e9, "model", {"temperature", 850, "K"})});
  ScoreRow elsewhere = score_row("rmse", 24, 1e9);
  elsewhere.region = "tropics";
  points.push_back({elsewhere});
  ScoreRow of_event = score_row("bias", 24, 1e9);  // a contingency score has that name too
  of_event.event = "> 52000";
  points.push_back({of_event});
  for (const auto& figure : score_figures(points, kChoice).by_lead)
    for (const auto& line : figure.numbers) CHECK(line.find("1000000000") == std::string::npos);
}

TEST_CASE("skill is the part by which the CRPS is smaller") {
  const std::vector<SeriesPoint> points = {{score_row("crps_fair", 24, 60)},
                                           {score_row("crps_fair", 24, 100, "climatology")},
                                           {score_row("crps_fair", 24, 50, "persistence")}};
  const auto figures = score_figures(points, kChoice);
  REQUIRE(figures.skill.size() == 1);
  CHECK(figures.skill[0].body.find(">+40<") != std::string::npos);
  CHECK(figures.skill[0].body.find(">−20<") != std::string::npos);
  CHECK(figures.skill[0].numbers.size() == 4);
}

TEST_CASE("rank histograms and reliability diagrams come from rows with bins") {
  std::vector<SeriesPoint> points;
  for (int rank = 0; rank < 3; ++rank)
    points.push_back({binned_row("rank_histogram", 24, rank, 1.0 / 3)});
  for (const double p : {0.0, 0.5, 1.0}) {
    points.push_back({binned_row("forecast_share", 24, p, 1.0 / 3, "> 52000")});
    points.push_back({binned_row("observed_frequency", 24, p, p, "> 52000")});
  }
  const auto figures = score_figures(points, kChoice);
  REQUIRE(figures.calibration.size() == 2);
  CHECK(count(figures.calibration[0].body, "class=\"bar s0\"") == 3);
  CHECK(figures.calibration[0].numbers.size() == 3);
  CHECK(figures.calibration[1].title ==
        "Reliability of model: Geopotential 500 hPa > 52000 m² s⁻²");
  CHECK(count(figures.calibration[1].body, "<circle") == 3);
  CHECK(figures.calibration[1].numbers.size() == 6);
}

TEST_CASE("of many leads the first and the last three are drawn side by side") {
  std::vector<SeriesPoint> points;
  for (const int lead : {24, 72, 120, 240, 360})
    points.push_back({binned_row("rank_histogram", lead, 0, 1)});
  const auto figures = score_figures(points, {{kZ500}, "global", {24, 72, 120, 240, 360}});
  REQUIRE(figures.calibration.size() == 1);
  CHECK(count(figures.calibration[0].body, "class=\"panel-title\"") == 4);
  CHECK(figures.calibration[0].body.find("day 1<") != std::string::npos);
  CHECK(figures.calibration[0].body.find("day 3<") == std::string::npos);
}

TEST_CASE("spectra show the truth beside the forecast, without wavenumber 0") {
  std::vector<SeriesPoint> points;
  for (int wavenumber = 0; wavenumber < 4; ++wavenumber)
    for (const char* forecast : {"model", "truth"}) {
      points.push_back(
          {binned_row("spectrum", 120, wavenumber, 100.0 / (wavenumber + 1), "", forecast)});
      points.back().row.region = "mid-latitudes";
    }
  const auto figures = spectrum_figures(points, kChoice);
  REQUIRE(figures.size() == 1);
  CHECK(figures[0].numbers.size() == 6);
  CHECK(count(figures[0].body, "class=\"curve s6\"") == 2);  // one in the legend
}

TEST_CASE("seeps has curves, and scores without a figure are named") {
  const Channel rain{"total_precipitation_6hr", {}, "m"};
  std::vector<SeriesPoint> points = {{score_row("seeps", 24, 0.5, "model", rain)},
                                     {score_row("fss", 24, 0.5, "model", rain)},
                                     {score_row("brier", 24, 0.5, "model", rain)},
                                     {score_row("fss", 120, 0.5, "model", rain)}};
  const auto figures = score_figures(points, {{rain}, "global", {24}});
  REQUIRE(find(figures.by_lead, "seeps-global") != nullptr);
  CHECK(find(figures.by_lead, "seeps-global")->numbers.size() == 1);
  CHECK(undrawn_scores(points) == std::vector<std::string>{"brier", "fss"});
}
