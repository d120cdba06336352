#include "nodes/report/score_series.h"

#include <doctest/doctest.h>

#include <cmath>

#include "graph/error.h"
#include "tests/nodes/report/score_points.h"

using namespace ladcast;

namespace {

const SeriesPoint& point_of(const std::vector<SeriesPoint>& points, const std::string& score) {
  for (const auto& point : points)
    if (point.row.score == score) return point;
  FAIL("no " << score);
  return points.front();
}

}  // namespace

TEST_CASE("the interval of a mean is 1.96 s / sqrt(n) on either side") {
  ScoreSeries series([](const ScoreRow&) { return true; });
  const double values[] = {1.0, 2.0, 4.0, 7.0};
  for (int item = 0; item < 4; ++item) series.add(item, {score_row("bias", 24, values[item])});
  const auto points = series.points();
  const auto& bias = point_of(points, "bias");
  const double half = 1.96 * std::sqrt(7.0) / 2;  // s² = 7, n = 4
  CHECK(bias.row.value == doctest::Approx(3.5));
  CHECK(bias.row.count == 4);
  CHECK(*bias.low == doctest::Approx(3.5 - half));
  CHECK(*bias.high == doctest::Approx(3.5 + half));
}

TEST_CASE("the interval of a root is that of the mean, carried through the root") {
  ScoreSeries series([](const ScoreRow&) { return true; });
  const double values[] = {100.0, 101.0, 99.0, 100.5, 99.5};
  double squares = 0;
  for (int item = 0; item < 5; ++item) {
    series.add(item, {score_row("mse", 24, values[item])});
    squares += (values[item] - 100) * (values[item] - 100);
  }
  const auto points = series.points();
  const auto& rmse = point_of(points, "rmse");
  CHECK(rmse.row.value == doctest::Approx(10));
  const double error = std::sqrt(squares / 4 / 5) / (2 * 10);
  CHECK(*rmse.high - *rmse.low == doctest::Approx(2 * 1.96 * error).epsilon(0.001));
}

TEST_CASE("one initial time has no interval, nor has a row that wants none") {
  ScoreSeries one([](const ScoreRow&) { return true; });
  one.add(0, {score_row("bias", 24, 1)});
  CHECK_FALSE(one.points().front().low);
  ScoreSeries none([](const ScoreRow&) { return false; });
  none.add(0, {score_row("bias", 24, 1)});
  none.add(1, {score_row("bias", 24, 2)});
  CHECK_FALSE(none.points().front().low);
  CHECK(none.points().front().row.value == doctest::Approx(1.5));
}

TEST_CASE("a score that is missing at one initial time is averaged over the others") {
  ScoreSeries series([](const ScoreRow&) { return true; });
  series.add(0, {score_row("bias", 24, 1)});
  series.add(1, {score_row("bias", 24, std::nan(""))});
  series.add(2, {score_row("bias", 24, 3)});
  const auto points = series.points();
  CHECK(points.front().row.value == doctest::Approx(2));
  CHECK(points.front().row.count == 2);
  CHECK(*points.front().high == doctest::Approx(2 + 1.96 * std::sqrt(2.0 / 2)));
}

TEST_CASE("a score that two inputs hold is refused") {
  ScoreSeries series([](const ScoreRow&) { return true; });
  CHECK_THROWS_WITH_AS(series.add(0, {score_row("bias", 24, 1), score_row("bias", 24, 2)}),
                       "two inputs hold the bias of 'model' for geopotential 500 hPa; set 'name' "
                       "of one of their forecasts",
                       Error);
}
