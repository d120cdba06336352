// Both trackers on 20 storms whose true way is known.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdio>

#include "nodes/cyclones/ladcast_tracker.h"
#include "nodes/cyclones/link_lows.h"
#include "nodes/ingest/netcdf_file.h"
#include "nodes/values/regrid.h"
#include "tests/nodes/cyclones/vortex.h"
#include "tests/nodes/data_folder.h"

using namespace ladcast;
using namespace ladcast::test;

namespace {

constexpr int kSteps = 20;  // of 6 h

struct Course {
  const char* name;
  LatLon start;
  double towards;  // degrees clockwise from north
  double speed;    // degrees in 6 h
  int lives = kSteps;
  double deficit = 3000.0;
  double radius = 2.2;

  LatLon at(int step) const {
    const double bend = 0.02 * step;  // radians: no storm goes straight
    return moved(start, towards * kRadians + bend, speed * step);
  }
};

const std::vector<Course> kCourses{
    {"stationary, Atlantic", {22.3, 310.4}, 0, 0.0},
    {"stationary, Pacific", {-17.1, 170.9}, 0, 0.0, kSteps, 1800},
    {"stationary, between points", {15.75, 140.25}, 0, 0.0},
    {"slow", {18.2, 132.9}, 300, 0.5},
    {"slow, weak", {14.6, 128.3}, 280, 0.4, kSteps, 1200},
    {"fast", {30.1, 300.2}, 40, 3.0},
    {"very fast", {25.3, 150.7}, 50, 3.6},
    {"fast, southern", {-25.4, 60.8}, 140, 3.2},
    {"fast, large", {28.0, 290.0}, 60, 3.4, kSteps, 4500, 3.2},
    {"crosses 0 E eastwards", {30.0, 355.4}, 75, 1.4},
    {"crosses 0 E westwards", {25.1, 4.6}, 285, 1.3},
    {"crosses 0 E, southern", {-33.0, 352.0}, 100, 1.2},
    {"crosses the date line eastwards", {28.2, 175.3}, 80, 1.1},
    {"crosses the date line westwards", {16.4, 186.2}, 275, 1.2},
    {"crosses the date line, southern", {-15.8, 177.7}, 120, 0.9},
    {"at 75 N, eastwards", {75.0, 10.3}, 90, 0.7},
    {"at 75 N, stationary", {75.2, 200.6}, 0, 0.0},
    {"over the pole", {75.0, 330.0}, 0, 1.5},
    {"lost half-way", {20.0, 290.0}, 310, 1.0, 10},
    {"lost half-way, fast", {-20.0, 90.0}, 220, 2.0, 10},
};

/// One state for each step.
std::vector<State> with_storm(std::vector<State> background, const Course& course) {
  for (int step = 0; step <= std::min(course.lives, kSteps); ++step)
    Vortex{course.at(step), course.deficit, course.radius}.add_to(
        background[static_cast<std::size_t>(step)]);
  return background;
}

struct Result {
  double mean_km = 0.0;
  int found = 0;  // while the storm lives
  int after = 0;  // when it lives no more
};

Result result_of(const Course& course, const std::vector<TrackPoint>& points) {
  Result result;
  for (const auto& point : points) {
    const int step = point.lead_hours / 6;
    if (step > course.lives) {
      ++result.after;
      continue;
    }
    result.mean_km += great_circle_km(point.position, course.at(step));
    ++result.found;
  }
  result.mean_km /= std::max(result.found, 1);
  return result;
}

Result with_ladcast(const std::vector<State>& states, const Course& course) {
  const LadcastTracker tracker;
  std::vector<TrackPoint> points;
  LatLon at = tracker.start(course.start);
  for (std::size_t step = 1; step < states.size(); ++step) {
    at = tracker.next(states[step].grid, states[step].msl, at);
    points.push_back({6 * static_cast<int>(step), at, 0, 0});
  }
  return result_of(course, points);
}

Result with_contours(const std::vector<State>& states, const Course& course,
                     const LowFinder& finder) {
  LowLinker linker(LinkRules{});
  linker.follow(course.name, course.start, {}, 0);
  for (std::size_t step = 1; step < states.size(); ++step)
    linker.add(6 * static_cast<int>(step), finder.find(states[step].maps()), false);
  return result_of(course, linker.tracks(0).at(0).points);
}

void compare_trackers(const char* title, const std::vector<State>& background) {
  const LowFinder finder(background.front().grid, ContourRules{});
  const double grid_length = 1.5 * kKmOfDegree;
  double ours = 0;
  double theirs = 0;
  std::printf("  %-34s %10s %10s\n", title, "contours", "ladcast");
  for (const auto& course : kCourses) {
    const auto states = with_storm(background, course);
    const Result contours = with_contours(states, course, finder);
    const Result ladcast = with_ladcast(states, course);
    std::printf("  %-34s %7.1f km %7.1f km, %d of %d found, %d after its end\n", course.name,
                contours.mean_km, ladcast.mean_km, contours.found, course.lives, contours.after);
    CAPTURE(course.name);
    CHECK(contours.mean_km <= grid_length);
    CHECK(contours.mean_km <= ladcast.mean_km);
    CHECK(contours.found == course.lives);
    CHECK(contours.after == 0);
    ours += contours.mean_km / static_cast<double>(kCourses.size());
    theirs += ladcast.mean_km / static_cast<double>(kCourses.size());
  }
  std::printf("  %-34s %7.1f km %7.1f km\n", "mean of 20 storms", ours, theirs);
}

// One map of a file from north to south whose variables have no time, on another grid.
std::vector<float> map_of(const NetcdfFile& file, const char* name, std::size_t level,
                          const Grid& to) {
  Grid from{file.values(*file.find("latitude")), file.values(*file.find("longitude"))};
  std::reverse(from.latitude.begin(), from.latitude.end());
  const auto all = file.values(*file.find(name));
  std::vector<float> map;
  for (std::size_t row = from.rows(); row-- > 0;)
    for (std::size_t column = 0; column < from.columns(); ++column)
      map.push_back(static_cast<float>(all[level * from.points() + row * from.columns() + column]));
  std::vector<float> result(to.points());
  Regridder(from, to, RegridMethod::bilinear).apply(map, result);
  return result;
}

}  // namespace

TEST_CASE("20 storms on smooth noise: contours are within a grid length, and nearer than ladcast") {
  REQUIRE(kCourses.size() == 20);
  const Grid grid = cropped_grid();
  std::vector<State> background;
  for (int step = 0; step <= kSteps; ++step) background.push_back(noise(grid, 6 * step, 1));
  compare_trackers("smooth noise", background);
}

TEST_CASE("20 storms on a real state: contours are within a grid length, and nearer than ladcast") {
  const auto path = data_file("derived/gfs_20111008T00_f072_13lev_2.5deg.nc");
  if (!path) return;
  const NetcdfFile file(*path);
  const Grid grid = cropped_grid();
  const State real{grid, map_of(file, "msl", 0, grid), map_of(file, "z", 5, grid),
                   map_of(file, "z", 7, grid)};
  compare_trackers("GFS state of 2011-10-11", std::vector<State>(kSteps + 1, real));
}
