#include "nodes/verify/whole_map_scores.h"

#include <doctest/doctest.h>

#include <cmath>
#include <numbers>

#include "tests/nodes/error_message.h"

using namespace ladcast;

namespace {

const Channel kTemperature{"2m_temperature", {}, "K"};
constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();

// Rows at 60, 45 … 60 degrees, 8 columns.
Grid globe() {
  Grid grid;
  for (int row = 0; row < 9; ++row) grid.latitude.push_back(-60 + 15 * row);
  for (int column = 0; column < 8; ++column) grid.longitude.push_back(45 * column);
  return grid;
}

using Maps = std::vector<std::vector<float>>;

std::vector<std::span<const float>> spans(const Maps& maps) { return {maps.begin(), maps.end()}; }

// A wave of `number` along each row.
std::vector<float> wave(const Grid& grid, int number, double size) {
  std::vector<float> map;
  for (std::size_t row = 0; row < grid.rows(); ++row)
    for (const double degrees : grid.longitude)
      map.push_back(static_cast<float>(size * std::cos(number * degrees * std::numbers::pi / 180)));
  return map;
}

}  // namespace

TEST_CASE("the energy score of two members is that computed by hand") {
  const Grid grid{{-45, 45}, {0}};
  const ScoreSettings settings{.extra = {"energy_fair"}};
  const MapScorer points(grid, settings);
  const WholeMapScorer maps(grid, points);
  const Maps members = {{3, 4}, {0, 0}};
  const std::vector<float> truth = {0, 0};
  const auto scores = maps.score(kTemperature, spans(members), truth);
  REQUIRE(scores.size() == 1);
  CHECK(scores[0].region == "global");
  CHECK(scores[0].score.score == "energy_fair");
  // ||(3, 4)|| = sqrt(25 / 2); the members are as far apart.
  CHECK(scores[0].score.value == doctest::Approx(std::sqrt(12.5) / 2 - std::sqrt(12.5) / 2));
  const std::vector<float> nothing = {kMissing, kMissing};
  const auto none = maps.score(kTemperature, spans(members), nothing);
  CHECK(std::isnan(none[0].score.value));
  CHECK(none[0].score.points == 0);
}

TEST_CASE("the variogram score is that of the points of a region, and refuses too many") {
  const Grid grid{{-45, 45}, {0}};
  const ScoreSettings settings{.extra = {"variogram"}};
  const MapScorer points(grid, settings);
  const WholeMapScorer maps(grid, points);
  const Maps members = {{0, 4}, {0, 16}};
  const std::vector<float> truth = {1, 2};
  // |4|^.5 = 2 and |16|^.5 = 4: mean 3, variance 2; |1|^.5 = 1. Two pairs (i, j).
  CHECK(maps.score(kTemperature, spans(members), truth)[0].score.value ==
        doctest::Approx(2 * ((1 - 3) * (1 - 3) - 2.0 / 2)));
  Grid fine = globe();
  fine.longitude.clear();
  for (int column = 0; column < 60; ++column) fine.longitude.push_back(6 * column);
  CHECK(contains(error_of([&] {
                   const MapScorer all(fine, settings);
                   const WholeMapScorer refused(fine, all);
                 }),
                 "at most 500 points, and region 'global' has 540"));
}

TEST_CASE("a wave has its power at its wavenumber, and members are averaged in power") {
  const Grid grid = globe();
  const ScoreSettings settings{.extra = {"spectrum"}};
  const MapScorer points(grid, settings);
  const WholeMapScorer maps(grid, points);
  const auto one = maps.spectrum(spans({wave(grid, 2, 1)}));
  const auto both = maps.spectrum(spans({wave(grid, 2, 1), wave(grid, 2, 3)}));
  REQUIRE(one.size() == 5);
  CHECK(one[2].region == "mid-latitudes");
  CHECK(*one[2].score.bin == 2);
  CHECK(one[2].score.value > 1e6);
  CHECK(one[1].score.value < 1e-6 * one[2].score.value);
  CHECK(both[2].score.value == doctest::Approx(5 * one[2].score.value));
}

TEST_CASE("fractions of an event are compared within a neighbourhood, by region") {
  const Grid grid = globe();
  const ScoreSettings settings{
      .regions = {{"global", {}, {}}, parse_score_region("northern-hemisphere")},
      .events = {parse_event("2m_temperature > 0.5")},
      .neighbourhoods = {0, 1}};
  const MapScorer points(grid, settings);
  std::vector<float> truth(grid.points(), 0), shifted(grid.points(), 0);
  truth[4 * 8] = 1;        // at 0 E on the equator
  shifted[4 * 8 + 7] = 1;  // one column to the west, across 0 E
  const WholeMapScorer maps(grid, points);
  const auto scores = maps.score(kTemperature, spans({shifted}), truth);
  const MapScorer wide(grid, {.neighbourhoods = {3, 4}});  // of 8 columns
  CHECK(contains(error_of([&] { WholeMapScorer(grid, wide); }),
                 "a neighbourhood that reaches 4 points is 9 wide, and the circle has 8"));
  REQUIRE(scores.size() == 8);  // two widths, two regions, error and reference
  const auto skill = [&](std::size_t first) {
    CHECK(scores[first].score.score == "fbs");
    CHECK(scores[first + 1].score.score == "fbs_reference");
    return 1 - scores[first].score.value / scores[first + 1].score.value;
  };
  CHECK(skill(0) == 0);
  CHECK(*scores[0].score.bin == 1);
  CHECK(scores[0].score.event == "> 0.5");
  CHECK(scores[0].score.weight == doctest::Approx(1));
  CHECK(skill(4) == doctest::Approx(2.0 / 3));  // two of three columns overlap
  CHECK(*scores[4].score.bin == 3);
  CHECK(scores[2].region == "northern-hemisphere");
  CHECK(scores[3].score.value == 0);  // no event anywhere there
}
