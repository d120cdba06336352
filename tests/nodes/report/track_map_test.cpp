#include "nodes/report/track_map.h"

#include <doctest/doctest.h>

#include "tests/nodes/report/score_points.h"

using namespace ladcast;

namespace {

Track track(std::vector<LatLon> positions) {
  Track result;
  for (std::size_t i = 0; i < positions.size(); ++i)
    result.points.push_back({12 * static_cast<int>(i), positions[i], 98000, 30});
  return result;
}

}  // namespace

TEST_CASE("a frame is around all points, across the date line too") {
  const MapFrame frame = frame_around({{10, 170}, {20, 175}, {30, 190}});
  CHECK(frame.aspect() == doctest::Approx(2));
  CHECK(frame.west < 170);
  CHECK(frame.east > 190);
  CHECK(frame.east - frame.west < 80);
  CHECK(frame.south < 10);
  CHECK(frame.north > 30);
}

TEST_CASE("a frame stays between the poles") {
  const MapFrame frame = frame_around({{88, 0}, {89, 90}});
  CHECK(frame.north == doctest::Approx(90));
  CHECK(frame.north - frame.south >= 20);
}

TEST_CASE("a frame around the globe is from date line to date line") {
  const MapFrame frame = frame_around({{-88, 20}, {85, 150}});
  CHECK(frame.west == -180);
  CHECK(frame.east == 180);
  CHECK(frame.south == -90);
  CHECK(frame.north == 90);
}

TEST_CASE("a map has a line for each member and a dot for each day") {
  const Track one = track({{10, 350}, {11, 355}, {12, 0}, {13, 5}});  // 0, 12, 24, 36 h
  const Figure figure = track_map("Dorian", {one, track({}), one}, one);
  CHECK(figure.id == "tracks-dorian");
  CHECK(count(figure.body, "class=\"curve s0 thin\"") == 1 + 2);
  CHECK(count(figure.body, "class=\"curve s1 solid\"") == 1 + 1);
  CHECK(count(figure.body, "<circle") == 3 * 2);
  CHECK(figure.shapes == std::vector<std::string>{"coast"});
}

TEST_CASE("without an observed track there are the members alone") {
  const Figure figure = track_map("7", {track({{10, 120}, {11, 121}})}, {});
  CHECK(figure.body.find("observed") == std::string::npos);
}
