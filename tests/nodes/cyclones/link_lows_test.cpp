#include "nodes/cyclones/link_lows.h"

#include <doctest/doctest.h>

using namespace ladcast;

namespace {

Low low(double latitude, double longitude, bool warm = true) {
  return {{latitude, longitude}, 99000.0, 500.0, warm, 20.0};
}

std::vector<int> leads_of(const Track& track) {
  std::vector<int> leads;
  for (const auto& point : track.points) leads.push_back(point.lead_hours);
  return leads;
}

}  // namespace

TEST_CASE("lows of successive leads become tracks") {
  LowLinker linker({});
  linker.add(6, std::vector{low(20, 140), low(-15, 359)}, true);
  linker.add(12, std::vector{low(-15, 0.5), low(20.5, 139)}, true);
  linker.add(18, std::vector{low(21, 138), low(-15.5, 2), low(50, 50)}, true);
  const auto tracks = linker.tracks(3);
  REQUIRE(tracks.size() == 3);
  CHECK(tracks[0].storm == "1");
  CHECK(tracks[0].member == 3);
  CHECK(leads_of(tracks[0]) == std::vector<int>{6, 12, 18});
  CHECK(tracks[0].points[2].position == LatLon{21, 138});
  CHECK(tracks[1].points[2].position == LatLon{-15.5, 2});
  CHECK(leads_of(tracks[2]) == std::vector<int>{18});
}

TEST_CASE("two cyclones that pass keep their ways") {
  LowLinker linker({});
  for (int step = 1; step <= 6; ++step)
    linker.add(6 * step, std::vector{low(20.0, 140.0 + 2.0 * step), low(21.5, 154.0 - 2.0 * step)},
               true);
  const auto tracks = linker.tracks(0);
  REQUIRE(tracks.size() == 2);
  CHECK(tracks[0].points.back().position == LatLon{20.0, 152.0});
  CHECK(tracks[1].points.back().position == LatLon{21.5, 142.0});
}

TEST_CASE("a gap is bridged up to max_gap_hours, where the motion leads") {
  for (const int gap : {24, 30}) {
    LowLinker linker({});
    linker.add(6, std::vector{low(20, 140)}, true);
    linker.add(12, std::vector{low(20, 141)}, true);
    linker.add(12 + gap, std::vector{low(20, 141.0 + gap / 6.0)}, true);
    CHECK(linker.tracks(0).size() == (gap == 24 ? 1 : 2));
  }
}

TEST_CASE("what is further than the range is another cyclone") {
  LowLinker linker({});
  linker.add(6, std::vector{low(0, 140)}, true);
  linker.add(12, std::vector{low(0, 144.1)}, true);  // four degrees in 6 hours at most
  CHECK(linker.tracks(0).size() == 2);
}

TEST_CASE("a given storm is followed from its start, and no other") {
  LowLinker linker({});
  linker.follow("A", {20, 140}, LatLon{20, 144}, 6);  // 4 degrees in 6 hours
  linker.add(6, std::vector{low(20, 136.5), low(20, 142), low(60, 10)}, false);
  const auto tracks = linker.tracks(1);
  REQUIRE(tracks.size() == 1);
  CHECK(tracks[0].storm == "A");
  REQUIRE(tracks[0].points.size() == 1);
  CHECK(tracks[0].points[0].position == LatLon{20, 136.5});
}

TEST_CASE("a storm that is never found has a track without points") {
  LowLinker linker({});
  linker.follow("A", {20, 140}, {}, 0);
  linker.add(6, {}, false);
  linker.add(12, std::vector{low(-20, 140)}, false);
  REQUIRE(linker.tracks(1).size() == 1);
  CHECK(linker.tracks(1)[0].points.empty());
}

TEST_CASE("a storm whose start shows no low, as on land, is found when there is one") {
  LowLinker linker({});
  linker.follow("A", {20, 179.5}, LatLon{20, 178.5}, 6);
  linker.add(6, {}, false);
  linker.add(12, std::vector{low(40, 182)}, false);  // not this one
  linker.add(18, std::vector{low(20.5, 182)}, false);
  CHECK(leads_of(linker.tracks(0)[0]) == std::vector<int>{18});
}

TEST_CASE("a warm core is preferred to a cold one that is a little nearer") {
  LowLinker linker({});
  linker.follow("A", {20, 140}, {}, 0);
  linker.add(6, std::vector{low(20, 141, false), low(20, 142)}, false);
  CHECK(linker.tracks(0)[0].points[0].position.longitude == 142);
}

TEST_CASE("two storms never share a low") {
  LowLinker linker({});
  linker.follow("A", {20, 140}, {}, 0);
  linker.follow("B", {20, 143}, {}, 0);
  linker.add(6, std::vector{low(20, 142)}, false);
  CHECK(linker.tracks(0)[0].points.empty());
  CHECK(linker.tracks(0)[1].points.size() == 1);
}

TEST_CASE("tropical cyclones last, blow and stay in low latitudes") {
  const auto track = [](int points, double latitude, double wind) {
    Track made{"1", 0, {}};
    for (int i = 1; i <= points; ++i) made.points.push_back({6 * i, {latitude, 140}, 99000, wind});
    return made;
  };
  const std::vector<Track> all{track(10, 20, 15), track(9, 20, 15), track(10, 55, 15),
                               track(10, 20, 9), track(0, 20, 15)};
  const auto kept = tropical_cyclones(all, {});
  REQUIRE(kept.size() == 1);
  CHECK(kept[0].points.size() == 10);
  const LifeRules any{.min_hours = 0, .min_points = 1, .min_wind = 0, .max_latitude = 90};
  CHECK(tropical_cyclones(all, any).size() == 4);
}
