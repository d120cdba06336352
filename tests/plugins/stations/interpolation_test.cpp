#include "plugins/stations/interpolation.h"

#include <doctest/doctest.h>

#include <cmath>
#include <random>

#include "tests/nodes/error_message.h"

using namespace ladcast;

namespace {

const Grid kGlobal{{-60, 0, 60}, {0, 90, 180, 270}};
const std::vector<float> kMap = {0, 1, 2, 3, 10, 11, 12, 13, 20, 21, 22, 23};

double at(double latitude, double longitude, Interpolation way = Interpolation::bilinear) {
  return corners_of(kGlobal, {"here", latitude, longitude}, way).value(kMap);
}

}  // namespace

TEST_CASE("bilinear values lie between those of the four points") {
  CHECK(at(0, 90) == 11);
  CHECK(at(30, 90) == 16);
  CHECK(at(30, 135) == doctest::Approx(16.5));
  CHECK(at(-60, 45) == doctest::Approx(0.5));
}

TEST_CASE("bilinear values close across the meridian of 0") {
  CHECK(at(0, 315) == doctest::Approx(11.5));  // between 13 and 10
  CHECK(at(0, 359) == doctest::Approx(10 + 3.0 / 90));
  const Grid shifted{{0, 1}, {45, 135, 225, 315}};
  const Corners corners = corners_of(shifted, {"here", 0, 0}, Interpolation::bilinear);
  CHECK(corners.value(std::vector<float>{1, 0, 0, 3, 0, 0, 0, 0}) == doctest::Approx(2));
}

TEST_CASE("longitudes of a region across 0 E begin below 0") {
  const Grid region{{0, 1}, {-45, 0, 45}};
  const Corners corners = corners_of(region, {"here", 0, 330}, Interpolation::bilinear);
  CHECK(corners.value(std::vector<float>{0, 3, 9, 0, 0, 0}) == doctest::Approx(1));
  CHECK(contains(error_of([&] {
                   corners_of(region, {"here", 0, 90}, Interpolation::bilinear);
                 }),
                 "lies outside of the grid"));
}

TEST_CASE("nearest takes the value of one point") {
  CHECK(at(31, 46, Interpolation::nearest) == 21);
  CHECK(at(29, 44, Interpolation::nearest) == 10);
  CHECK(at(0, 316, Interpolation::nearest) == 10);
  CHECK(at(0, 314, Interpolation::nearest) == 13);
}

TEST_CASE("poleward of the last row that row counts, but not further than a row away") {
  CHECK(at(90, 90) == 21);
  CHECK(at(-75, 180) == 2);
  const Grid tropics{{-10, 0, 10}, {0, 90, 180, 270}};
  CHECK(error_of([&] {
          corners_of(tropics, {"Oslo", 60, 10}, Interpolation::bilinear);
        }) == "'Oslo' lies outside of the grid, whose latitudes run from -10 to 10");
}

TEST_CASE("a grid of a region has an end in the west and in the east") {
  const Grid europe{{40, 50}, {0, 10, 20}};
  CHECK_NOTHROW(corners_of(europe, {"edge", 45, 20}, Interpolation::bilinear));
  for (const double longitude : {20.5, 359.0})
    CHECK(error_of([&] {
            corners_of(europe, {"Kyiv", 45, longitude}, Interpolation::nearest);
          }) == "'Kyiv' lies outside of the grid, whose longitudes run from 0 to 20");
}

TEST_CASE("a missing point is missing only where it has a share") {
  std::vector<float> map = kMap;
  map[5] = std::nanf("");
  const auto value = [&](double latitude, double longitude) {
    return corners_of(kGlobal, {"here", latitude, longitude}, Interpolation::bilinear).value(map);
  };
  CHECK(std::isnan(value(1, 91)));
  CHECK(value(0, 180) == 12);
}

TEST_CASE("a plane is met everywhere, shares add up to 1") {
  Grid grid{{-80, -30, 5, 70}, {}};
  for (int i = 0; i < 36; ++i) grid.longitude.push_back(10.0 * i);
  std::vector<float> map;
  for (const double y : grid.latitude)
    for (const double x : grid.longitude) map.push_back(static_cast<float>(2 * y - x));
  std::mt19937 random(1);
  std::uniform_real_distribution<double> latitude(-80, 70), longitude(0, 350);
  for (int i = 0; i < 200; ++i) {
    const double y = latitude(random), x = longitude(random);
    const Corners corners = corners_of(grid, {"here", y, x}, Interpolation::bilinear);
    CHECK(corners.value(map) == doctest::Approx(2 * y - x).epsilon(1e-6));
    CHECK(corners.weights[0] + corners.weights[1] + corners.weights[2] + corners.weights[3] ==
          doctest::Approx(1));
  }
}
