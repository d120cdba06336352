#include "nodes/cyclones/track_files.h"

#include <doctest/doctest.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "tests/nodes/error_message.h"

using namespace ladcast;
using nlohmann::json;

namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

Tracks some_tracks() {
  return {parse_time("2018-09-30"),
          {6, 12, 18},
          {1, 2},
          {{"WP252018",
            1,
            {{6, {18.25, 179.0}, 97512.34, 31.234}, {12, {19.25, 181.0}, kUnknown, kUnknown}}},
           {"WP252018", 2, {{18, {20.0, 200.0}, 98000.0, 20.0}}},
           {"lost", 2, {}}}};
}

json features() { return json::parse(tracks_geojson({some_tracks()}))["features"]; }

}  // namespace

TEST_CASE("a line of the CSV file is a position; what is not known is empty") {
  CHECK(tracks_csv({some_tracks()}, 6) ==
        "init,storm,member,step,lead_hours,time,lat,lon,msl,wind\n"
        "2018-09-30T00:00:00Z,WP252018,1,1,6,2018-09-30T06:00:00Z,18.250,179.000,97512.3,31.23\n"
        "2018-09-30T00:00:00Z,WP252018,1,2,12,2018-09-30T12:00:00Z,19.250,181.000,,\n"
        "2018-09-30T00:00:00Z,WP252018,2,3,18,2018-09-30T18:00:00Z,20.000,200.000,98000.0,20.00\n");
}

TEST_CASE("GeoJSON: a track is cut at the date line, a single position is a point") {
  const json all = features();
  REQUIRE(all.size() == 2);  // one was never found
  CHECK(all[0]["geometry"] == json::parse(R"({"type": "MultiLineString", "coordinates":
                        [[[179.0, 18.25], [180.0, 18.75]], [[-180.0, 18.75], [-179.0, 19.25]]]})"));
  CHECK(all[1]["geometry"] == json::parse(R"({"type": "Point", "coordinates": [-160.0, 20.0]})"));
  const json& properties = all[0]["properties"];
  CHECK(properties["storm"] == "WP252018");
  CHECK(properties["member"] == 1);
  CHECK(properties["init"] == "2018-09-30T00:00:00Z");
  CHECK(properties["time"][1] == "2018-09-30T12:00:00Z");
  CHECK(properties["lead_hours"] == json::parse("[6, 12]"));
  CHECK(properties["msl"] == json::parse("[97512.3, null]"));
}

TEST_CASE("a track that does not cross the date line is one line") {
  Tracks tracks = some_tracks();
  tracks.tracks[0].points[1].position = {19.25, 1.0};
  tracks.tracks[0].points[0].position = {18.25, 359.0};
  const json all = json::parse(tracks_geojson({tracks}))["features"];
  CHECK(all[0]["geometry"] ==
        json::parse(R"({"type": "LineString", "coordinates": [[-1.0, 18.25], [1.0, 19.25]]})"));
}

TEST_CASE("tracks as text come back exactly") {
  const Tracks tracks = some_tracks();
  const Tracks again = tracks_from(to_text(tracks));
  CHECK(to_text(again) == to_text(tracks));
  CHECK(again.init == tracks.init);
  CHECK(again.lead_hours == tracks.lead_hours);
  CHECK(again.members == tracks.members);
  CHECK(again.tracks[0].points[0].msl == 97512.34);
  CHECK(std::isnan(again.tracks[0].points[1].wind));
  CHECK(again.tracks[2].points.empty());
  CHECK(contains(error_of([] { tracks_from("{\"init\": 3"); }), "saved tracks are damaged"));
}

TEST_CASE("storms that no member has, and files without any track, are told") {
  Tracks tracks = some_tracks();
  CHECK(lost_storms({tracks}) ==
        "storm lost from 2018-09-30T00 was found in none of 1 members: no low within range of its "
        "best track; 'msl_rise', 'msl_distance' and 'range' of the tracker decide what is one\n");
  tracks.tracks.pop_back();
  CHECK(lost_storms({tracks}) == "");
  for (Track& track : tracks.tracks) track.points.clear();
  const std::string none = lost_storms({tracks, tracks});
  CHECK(contains(none, "storm WP252018 from 2018-09-30T00 was found in none of 4 members"));
  CHECK(contains(none, "no cyclone was found in any member: the files of tracks are empty\n"));
  CHECK(contains(lost_storms({}), "no cyclone was found"));
}
