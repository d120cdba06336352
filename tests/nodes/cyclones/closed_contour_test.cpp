#include "nodes/cyclones/closed_contour.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "tests/nodes/cyclones/vortex.h"
#include "tests/nodes/error_message.h"

using namespace ladcast;
using namespace ladcast::test;

namespace {

constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();

State calm(const Grid& grid) {
  const std::vector<float> map(grid.points(), 101000.0F);
  return {grid, map, map, map};
}

State storm_at(const Grid& grid, const LatLon& centre, double deficit = 3000.0) {
  State state = calm(grid);
  Vortex{centre, deficit}.add_to(state);
  return state;
}

std::vector<Low> lows_of(const State& state, const ContourRules& rules = {}) {
  return LowFinder(state.grid, rules).find(state.maps());
}

// Where it is, on any grid and anywhere.
void check_found(const Grid& grid, const LatLon& centre) {
  CAPTURE(centre.latitude);
  CAPTURE(centre.longitude);
  State state = storm_at(grid, centre);
  const auto lows = lows_of(state);
  REQUIRE(lows.size() == 1);
  CHECK(great_circle_km(lows[0].position, centre) < 25.0);
  CHECK(lows[0].warm_core);
}

// Breadth first, as DetectNodes has it.
bool has_closed_contour(const SpherePoints& points, std::span<const float> map, std::size_t from,
                        double degrees, double rise) {
  std::vector<std::size_t> queue{from};
  std::vector<bool> seen(points.size());
  std::vector<std::size_t> around;
  while (!queue.empty()) {
    const std::size_t point = queue.back();
    queue.pop_back();
    if (seen[point]) continue;
    seen[point] = true;
    if (points.chord2(point, from) > SpherePoints::chord2_of(degrees)) return false;
    if (map[point] - map[from] >= rise) continue;
    points.neighbours(point, around);
    queue.insert(queue.end(), around.begin(), around.end());
  }
  return true;
}

}  // namespace

TEST_CASE("a warm storm is found between the points, across 0 E, at the date line, at the poles") {
  for (const LatLon& centre :
       {LatLon{20.4, 140.7}, LatLon{25.0, 0.3}, LatLon{25.0, 359.6}, LatLon{-15.2, 180.1},
        LatLon{75.3, 20.2}, LatLon{-80.1, 200.0}, LatLon{88.6, 33.0}, LatLon{-87.9, 3.0}})
    check_found(cropped_grid(), centre);
  check_found(regular_grid(-90, 90, 0, 359, 1.5), {89.8, 33.0});
}

TEST_CASE("a storm is found on 2.5 degrees and on a regional grid across 0 E") {
  check_found(regular_grid(-90, 90, 0, 357.5, 2.5), {18.2, 132.9});
  check_found(regular_grid(10, 50, -30, 30, 1.0), {28.0, 359.5});
}

TEST_CASE("a wide low is found on a grid of 5.6 degrees") {
  const Grid grid = regular_grid(-87.1875, 87.2, 0, 354.4, 5.625);
  State state = calm(grid);
  const LatLon centre{32.0, 201.0};
  Vortex{centre, 3000.0, 7.0}.add_to(state);
  const auto lows = lows_of(state);
  REQUIRE(lows.size() == 1);
  CHECK(great_circle_degrees(lows[0].position, centre) < 1.5);
}

TEST_CASE("a field without a low has none: flat, tilted, missing") {
  const Grid grid = cropped_grid();
  State state = calm(grid);
  CHECK(lows_of(state).empty());
  for (std::size_t point = 0; point < grid.points(); ++point)
    state.msl[point] += 10.0F * static_cast<float>(point / grid.columns());
  CHECK(lows_of(state).empty());
  state.msl.assign(grid.points(), kMissing);
  CHECK(lows_of(state).empty());
}

TEST_CASE("a low that is too shallow has no closed contour") {
  const Grid grid = cropped_grid();
  CHECK(lows_of(storm_at(grid, {21, 141}, 190.0)).empty());
  CHECK(lows_of(storm_at(grid, {21, 141}, 300.0)).size() == 1);
  CHECK(lows_of(storm_at(grid, {21, 141}, 300.0), {.msl_rise = 310.0}).empty());
}

TEST_CASE("a contour that leaves the grid or meets a missing value is not closed") {
  const Grid region = regular_grid(10, 40, 120, 160, 1.0);
  CHECK(lows_of(storm_at(region, {25, 140})).size() == 1);
  CHECK(lows_of(storm_at(region, {10.2, 140})).empty());
  CHECK(lows_of(storm_at(region, {25, 159.5})).empty());
  State state = storm_at(region, {25, 140});
  state.msl[15 * region.columns() + 19] = kMissing;  // beside the centre
  CHECK(lows_of(state).empty());
}

TEST_CASE("a missing value far away, as the row at the south pole, does no harm") {
  const Grid grid = regular_grid(-90, 90, 0, 358.6, 1.5);
  State state = storm_at(grid, {20.4, 140.7});
  for (std::size_t column = 0; column < grid.columns(); ++column)
    for (auto* map : {&state.msl, &state.z300, &state.z500}) (*map)[column] = kMissing;
  CHECK(lows_of(state).size() == 1);
}

TEST_CASE("a low without a warm core says so, and one without geopotential too") {
  State state = storm_at(cropped_grid(), {20.4, 140.7});
  state.z300 = state.z500;
  const auto cold = lows_of(state);
  REQUIRE(cold.size() == 1);
  CHECK(!cold[0].warm_core);
  const auto unknown = LowFinder(state.grid, {}).find({state.msl, {}, {}, {}, {}});
  REQUIRE(unknown.size() == 1);
  CHECK(!unknown[0].warm_core);
  CHECK(std::isnan(unknown[0].wind));
}

TEST_CASE("of two near lows the deeper one stays, unless it alone is cold") {
  const Grid grid = cropped_grid();
  const Vortex deep{{20, 140}, 3000.0, 1.2};
  const Vortex near{{20, 146.2}, 2000.0, 1.2};
  State warm = calm(grid);
  deep.add_to(warm);
  State cold{grid, warm.msl, warm.z500, warm.z500};
  near.add_to(warm);
  near.add_to(cold);
  CHECK(lows_of(warm).size() == 1);
  CHECK(lows_of(warm, {.merge_distance = 3.0}).size() == 2);
  CHECK(lows_of(cold).size() == 2);
}

TEST_CASE("the wind is the strongest within two degrees") {
  const Grid grid = cropped_grid();
  State state = storm_at(grid, {21, 141});
  std::vector<float> u(grid.points(), 3.0F);
  std::vector<float> v(grid.points(), 4.0F);
  const auto at = [&](std::size_t row, std::size_t column) {
    return row * grid.columns() + column;
  };
  u[at(74, 95)] = 30.0F;  // 22.5 N 142.5 E
  v[at(74, 94)] = kMissing;
  u[at(78, 94)] = 90.0F;  // 28.5 N
  const auto lows = LowFinder(grid, {}).find({state.msl, state.z300, state.z500, u, v});
  REQUIRE(lows.size() == 1);
  CHECK(lows[0].wind == doctest::Approx(std::hypot(30.0, 4.0)));
  CHECK(lows[0].msl == doctest::Approx(98000.0));
}

TEST_CASE("closed_rise is at least d where the breadth first search closes a contour of d") {
  const SpherePoints points(cropped_grid());
  const State state = noise(points.grid(), 0, 3);
  int closed = 0;
  int open = 0;
  for (std::size_t point = 500; point < points.size(); point += 97) {
    const double rise = closed_rise(points, state.msl, point, 5.5);
    for (const double d : {rise - 1.0, rise - 0.1, rise + 0.1, rise + 1.0}) {
      if (d <= 0) continue;
      const bool found = has_closed_contour(points, state.msl, point, 5.5, d);
      CHECK(found == (d <= rise));
      ++(found ? closed : open);
    }
  }
  CHECK(open > 100);
  CHECK(closed >= 0);
}

TEST_CASE("a grid of two rows is refused") {
  CHECK(contains(error_of([] {
                   LowFinder(Grid{{0, 1}, {0, 1, 2}}, {});
                 }),
                 "cyclones cannot be found on a grid of 2 x 3 points"));
}
