#include "nodes/values/regrid.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>

#include "tests/nodes/error_message.h"

using namespace ladcast;

namespace {

constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();

Grid regular(int rows, int columns, bool poles) {
  Grid grid;
  for (int i = 0; i < rows; ++i)
    grid.latitude.push_back(poles ? -90 + 180.0 * i / (rows - 1) : -90 + 180.0 * (i + 0.5) / rows);
  for (int i = 0; i < columns; ++i) grid.longitude.push_back(360.0 * i / columns);
  return grid;
}

std::vector<float> apply(const Grid& from, const Grid& to, RegridMethod method,
                         const std::vector<float>& values) {
  std::vector<float> result(to.points());
  Regridder(from, to, method).apply(values, result);
  return result;
}

/// Area of each row's band on a sphere of radius 1, its bounds half way between rows.
std::vector<double> band_areas(const Grid& grid) {
  std::vector<double> areas;
  const auto sine = [](double degrees) { return std::sin(degrees * std::numbers::pi / 180); };
  for (std::size_t i = 0; i < grid.rows(); ++i) {
    const double south = i == 0 ? -90 : (grid.latitude[i - 1] + grid.latitude[i]) / 2;
    const double north = i + 1 == grid.rows() ? 90 : (grid.latitude[i] + grid.latitude[i + 1]) / 2;
    areas.push_back(sine(north) - sine(south));
  }
  return areas;
}

double global_mean(const Grid& grid, const std::vector<float>& values) {
  const std::vector<double> areas = band_areas(grid);
  double sum = 0;
  for (std::size_t i = 0; i < values.size(); ++i)
    sum += areas[i / grid.columns()] * static_cast<double>(values[i]);
  return sum / 2 / static_cast<double>(grid.columns());
}

std::vector<float> waves(const Grid& grid) {
  std::vector<float> values;
  for (const double latitude : grid.latitude)
    for (const double longitude : grid.longitude) {
      const double y = latitude * std::numbers::pi / 180, x = longitude * std::numbers::pi / 180;
      values.push_back(static_cast<float>(280 + 20 * std::sin(y) +
                                          5 * std::cos(y) * std::cos(y) * std::cos(2 * x + 1)));
    }
  return values;
}

}  // namespace

TEST_CASE("overlaps along a circle of latitude are those of WeatherBench 2") {
  // weatherbench2/regridding_test.py, conservative_lon_weights
  const std::vector<double> from = {0, 60, 120, 180, 240, 300}, to = {0, 90, 180, 270};
  const std::vector<std::vector<double>> expected = {{2.0 / 3, 1.0 / 6, 0, 0, 0, 1.0 / 6},
                                                     {0, 0.5, 0.5, 0, 0, 0},
                                                     {0, 0, 1.0 / 6, 2.0 / 3, 1.0 / 6, 0},
                                                     {0, 0, 0, 0, 0.5, 0.5}};
  const auto lines = overlap_on_circle(from, to);
  REQUIRE(lines.size() == 4);
  for (std::size_t i = 0; i < 4; ++i) {
    std::vector<double> weights(6);
    for (std::size_t k = 0; k < lines[i].index.size(); ++k)
      weights[lines[i].index[k]] = lines[i].weight[k];
    for (std::size_t j = 0; j < 6; ++j) CHECK(weights[j] == doctest::Approx(expected[i][j]));
  }
}

TEST_CASE("constants stay what they are") {
  for (const RegridMethod method : {RegridMethod::conservative, RegridMethod::bilinear})
    for (const bool poles : {true, false}) {
      const Grid from = regular(48, 96, poles), to = regular(37, 72, true);
      for (const float value : apply(from, to, method, std::vector<float>(from.points(), 273.15F)))
        CHECK(value == 273.15F);
    }
}

TEST_CASE("conservative keeps the global mean, finer or coarser") {
  const Grid fine = regular(181, 360, true), coarse = regular(32, 64, false);
  for (const auto& [from, to] : {std::pair{fine, coarse}, std::pair{coarse, fine}}) {
    const std::vector<float> before = waves(from);
    const std::vector<float> after = apply(from, to, RegridMethod::conservative, before);
    CHECK(global_mean(to, after) == doctest::Approx(global_mean(from, before)).epsilon(1e-7));
  }
}

TEST_CASE("bilinear follows a field of straight lines, also over 0 E") {
  const Grid from = regular(19, 36, true), to = regular(37, 72, true);
  std::vector<float> values;
  for (const double latitude : from.latitude)
    for (std::size_t i = 0; i < from.columns(); ++i)
      values.push_back(static_cast<float>(latitude + (i % 2 == 0 ? 1 : -1)));
  const std::vector<float> result = apply(from, to, RegridMethod::bilinear, values);
  CHECK(result[0] == doctest::Approx(-89));   // a point of the old grid
  CHECK(result[71] == doctest::Approx(-90));  // between 350 E and 0 E
  CHECK(result[73] == doctest::Approx(-85));  // half way in both directions
  CHECK(result[72 * 36] == doctest::Approx(91));
}

TEST_CASE("conservative leaves missing cells out, bilinear spreads them") {
  const Grid from = regular(4, 8, false), to = regular(2, 4, false);
  std::vector<float> values(from.points(), 1.0F);
  for (std::size_t i = 0; i < 8; ++i) values[i] = kMissing;  // the southernmost row
  values[8] = 5.0F;
  const auto mean = apply(from, to, RegridMethod::conservative, values);
  // Cells of the new grid take half of each neighbour in longitude: 1/4 + 1/2 + 1/4.
  CHECK(mean[0] == doctest::Approx(3.0));
  CHECK(mean[1] == doctest::Approx(1.0));
  CHECK(mean[4] == doctest::Approx(1.0));
  std::vector<float> nothing(from.points(), kMissing);
  for (const float value : apply(from, to, RegridMethod::conservative, nothing))
    CHECK(std::isnan(value));
  const auto between = apply(from, to, RegridMethod::bilinear, values);
  CHECK(std::isnan(between[0]));
  CHECK(between[4] == doctest::Approx(1.0));
}

TEST_CASE("from 0.25 degrees a cell takes six and a half rows and columns") {
  const Grid from = regular(721, 1440, true), to = regular(121, 240, true);
  std::vector<float> values(from.points(), 0.0F);
  for (std::size_t j = 0; j < 1440; ++j) values[720 * 1440 + j] = 1.0F;  // the pole
  const auto result = apply(from, to, RegridMethod::conservative, values);
  const auto area = [](double south, double north) {
    const double radians = std::numbers::pi / 180;
    return std::sin(north * radians) - std::sin(south * radians);
  };
  CHECK(result[120 * 240] == doctest::Approx(area(89.875, 90) / area(89.25, 90)));
  std::fill(values.begin(), values.end(), 0.0F);
  for (std::size_t i = 0; i < 721; ++i) values[i * 1440 + 3] = 1.0F;  // 0.75 E: shared by 0 and 1.5
  const auto column = apply(from, to, RegridMethod::conservative, values);
  CHECK(column[60 * 240] == doctest::Approx(1.0 / 12));
  CHECK(column[60 * 240 + 1] == doctest::Approx(1.0 / 12));
}

TEST_CASE("regions are refused") {
  const Grid globe = regular(37, 72, true);
  const Grid europe{{30, 40, 50, 60}, {0, 10, 20, 30}};
  CHECK(error_of([&] { Regridder(europe, globe, RegridMethod::bilinear); }) ==
        "the grid of the fields covers 30 to 60 N and 0 to 30 E, not the globe");
  const Grid band{{30, 40, 50, 60}, globe.longitude};
  CHECK(contains(error_of([&] { Regridder(globe, band, RegridMethod::conservative); }),
                 "the grid that is asked for covers 30 to 60 N"));
}

TEST_CASE("a globe lacks no row") {
  const Grid globe = regular(37, 72, true);  // 5 degrees
  CHECK(covers_globe(globe));
  const auto without = [&](std::ptrdiff_t first, std::ptrdiff_t count) {
    Grid grid = globe;
    grid.latitude.erase(grid.latitude.begin() + first, grid.latitude.begin() + first + count);
    return covers_globe(grid);
  };
  CHECK(without(0, 1));  // without the pole itself
  CHECK_FALSE(without(0, 2));
  CHECK_FALSE(without(35, 2));
  CHECK_FALSE(without(18, 1));
  Grid gaussian = globe;
  gaussian.latitude = {-85.76, -80.27, -74.74, -69.21, 69.21, 74.74, 80.27, 85.76};
  CHECK_FALSE(covers_globe(gaussian));
  gaussian.latitude = {-73.80, -52.81, -31.70, -10.57, 10.57, 31.70, 52.81, 73.80};  // N4
  CHECK(covers_globe(gaussian));
}

TEST_CASE("rows of their own length keep constants and the global mean") {
  const Grid globe = regular(37, 72, true);
  ReducedGrid reduced{regular(32, 64, false).latitude, {}};
  std::vector<float> values, ones;
  double mean = 0;
  const std::vector<double> areas = band_areas({reduced.latitude, {0}});
  for (std::size_t row = 0; row < 32; ++row) {
    const std::size_t length = 20 + 4 * std::min(row, 31 - row);
    reduced.lengths.push_back(length);
    for (std::size_t i = 0; i < length; ++i) {
      values.push_back(static_cast<float>(row * row) + static_cast<float>(i % 5));
      mean += areas[row] / 2 / static_cast<double>(length) * static_cast<double>(values.back());
    }
  }
  ones.assign(values.size(), 1.0F);
  std::vector<float> result(globe.points());
  const Regridder regridder(reduced, globe);
  regridder.apply(ones, result);
  for (const float value : result) CHECK(value == 1.0F);
  regridder.apply(values, result);
  CHECK(global_mean(globe, result) == doctest::Approx(mean).epsilon(1e-7));
}
