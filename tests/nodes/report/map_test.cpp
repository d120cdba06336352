#include "nodes/report/map.h"

#include <doctest/doctest.h>

#include "nodes/report/coastlines.h"
#include "tests/nodes/report/score_points.h"

using namespace ladcast;

namespace {

Grid global_grid() {
  Grid grid;
  for (int row = 0; row < 4; ++row) grid.latitude.push_back(-67.5 + 45 * row);
  for (int column = 0; column < 8; ++column) grid.longitude.push_back(45.0 * column);
  return grid;
}

}  // namespace

TEST_CASE("the world is shown from date line to date line") {
  const MapFrame frame = MapFrame::of(global_grid());
  CHECK(frame.west == -180);
  CHECK(frame.aspect() == 2);
  const MapFrame europe = MapFrame::of({{35, 36, 37}, {-12, -10, -8, -6}});
  CHECK(europe.west == -13);
  CHECK(europe.east == -5);
  CHECK(europe.south == 34.5);
}

TEST_CASE("a global map is unrolled from its western edge past its eastern one") {
  const Grid grid = global_grid();
  std::vector<float> values;
  for (std::size_t i = 0; i < grid.points(); ++i)
    values.push_back(static_cast<float>(grid.longitude[i % 8]));
  const Unrolled map = unrolled(grid, values, -180);
  CHECK(map.longitude.front() <= -180);
  CHECK(map.longitude.back() >= 180);
  for (std::size_t c = 0; c < map.longitude.size(); ++c) {
    const double difference = map.longitude[c] - map.values[c];
    CHECK(difference == doctest::Approx(360 * std::round(difference / 360)));
  }
}

TEST_CASE("a region stays as it is") {
  const Grid europe{{35, 40}, {-10, 0, 10}};
  const Unrolled map = unrolled(europe, std::vector<float>{1, 2, 3, 4, 5, 6}, -15);
  CHECK(map.longitude == europe.longitude);
  CHECK(map.values == std::vector<float>{1, 2, 3, 4, 5, 6});
}

TEST_CASE("a track across the date line leaves on one side and comes in on the other") {
  Figure figure;
  Svg svg;
  Map map(figure, svg, {0, 0, 360, 180}, {});
  map.line({{0, 170}, {0, 175}, {0, -175}, {0, -170}}, "curve s1");
  map.end();
  CHECK(svg.body().find("M350 90L355 90L365 90L370 90") != std::string::npos);
  CHECK(svg.body().find("M-10 90L-5 90L5 90L10 90") != std::string::npos);
  CHECK(count(svg.body(), "curve s1") == 2);
}

TEST_CASE("a point is put where its longitude is on the map") {
  Figure figure;
  Svg svg;
  Map map(figure, svg, {0, 0, 360, 180}, {});
  map.dot({45, 270}, 2, "dot s0");
  map.end();
  CHECK(svg.body().find("cx=\"90\" cy=\"45\"") != std::string::npos);
}

TEST_CASE("coasts are one shape that maps use, around the globe where they have to") {
  Figure figure;
  Svg svg;
  Map map(figure, svg, {0, 0, 100, 50}, {150, 250, -25, 25});
  map.coasts();
  map.end();
  CHECK(figure.shapes == std::vector<std::string>{"coast"});
  CHECK(count(svg.body(), "href=\"#coast\" class=\"coast\"") == 2);
  CHECK(count(svg.body(), "href=\"#coast\" class=\"coast casing\"") == 2);
  CHECK(coastline_path().starts_with("M"));
  CHECK(coastline_path().size() < 100000);
}
