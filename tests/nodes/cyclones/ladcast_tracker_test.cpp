#include "nodes/cyclones/ladcast_tracker.h"

#include <doctest/doctest.h>

#include <limits>

#include "tests/nodes/cyclones/vortex.h"

using namespace ladcast;
using namespace ladcast::test;

namespace {

State storm_at(const Grid& grid, const LatLon& centre) {
  const std::vector<float> map(grid.points(), 101000.0F);
  State state{grid, map, map, map};
  Vortex{centre}.add_to(state);
  return state;
}

LatLon next_of(const State& state, const LatLon& last) {
  return LadcastTracker{}.next(state.grid, state.msl, last);
}

}  // namespace

TEST_CASE("the nearest minimum in the box is taken, across 0 E too") {
  CHECK(next_of(storm_at(cropped_grid(), {21, 141}), {19.5, 142.5}) == LatLon{21, 141});
  CHECK(next_of(storm_at(cropped_grid(), {21, 0}), {19.5, 358.5}) == LatLon{21, 0});
  CHECK(next_of(storm_at(cropped_grid(), {21, 358.5}), {19.5, 0}) == LatLon{21, 358.5});
}

TEST_CASE("a longitude that was rounded up to 360 is left for 0") {
  const LatLon start = LadcastTracker{}.start({21.2, 359.6});
  CHECK(start.longitude == 360.0);
  CHECK(next_of(storm_at(cropped_grid(), {21, 0}), start) == LatLon{21, 0});
}

TEST_CASE("without a low, with missing values and at the poles a cyclone stays on the grid") {
  State tilted = storm_at(cropped_grid(), {-60, 100});
  for (std::size_t point = 0; point < tilted.msl.size(); ++point)
    tilted.msl[point] += static_cast<float>(point);  // lowest on an edge of every box
  CHECK(next_of(tilted, {21, 141}) == LatLon{21, 141});
  CHECK(next_of(tilted, {90, 0}) == LatLon{90, 0});
  CHECK(next_of(tilted, {-90, 0}) == LatLon{-88.5, 0});  // where the grid, not the box, ends
  State missing = storm_at(cropped_grid(), {21, 141});
  missing.msl.assign(missing.msl.size(), std::numeric_limits<float>::quiet_NaN());
  CHECK(next_of(missing, {19.5, 142.5}) == LatLon{19.5, 142.5});
}

TEST_CASE("missing values beside a minimum do not hide it") {
  State state = storm_at(cropped_grid(), {21, 141});
  state.msl[75 * 240 + 94] = std::numeric_limits<float>::quiet_NaN();  // 24 N
  CHECK(next_of(state, {19.5, 142.5}) == LatLon{21, 141});
}

TEST_CASE("other grids: 2.5 degrees, and a region around 0 E") {
  CHECK(next_of(storm_at(regular_grid(-90, 90, 0, 357.5, 2.5), {20, 140}), {21, 142.5}) ==
        LatLon{20, 140});
  CHECK(next_of(storm_at(regular_grid(10, 50, -30, 30, 1.5), {25, 358.5}), {23.5, 357}) ==
        LatLon{25, 358.5});
}
