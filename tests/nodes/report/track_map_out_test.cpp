#include <doctest/doctest.h>

#include "graph/harness.h"
#include "graph/whole_file.h"
#include "nodes/values/tracks.h"
#include "tests/nodes/report/score_points.h"
#include "tests/temporary_folder.h"

using namespace ladcast;

namespace {

Tracks tracks(int member, const std::string& storm) {
  return {parse_time("2019-08-28"),
          {6, 12},
          {member},
          {{storm, member, {{6, {18, 294}, 99000, 30}, {12, {19, 293}, 98500, 32}}}}};
}

Harness drawer(const TemporaryFolder& folder, const std::string& storm) {
  Harness harness("track_map_out");
  harness
      .plan(
          "inits = [\"2019-08-28T00\"]\nmembers = 2\nbatch = 1\n"
          "lead = { step_hours = 6, until_hours = 12 }")
      .set("path", '"' + (folder.path() / "maps/{init}").string() + '"')
      .put_all<Tracks>("tracks", {{{0, 0, 0}, tracks(1, storm)}, {{0, 0, 1}, tracks(2, storm)}},
                       Axes{true, {}, true});
  return harness;
}

}  // namespace

TEST_CASE("a storm that was followed has a map with its best track") {
  const TemporaryFolder folder;
  const auto best = folder.path() / "storms.csv";
  write_whole_file(best, {"SID,SEASON,NAME,ISO_TIME,LAT,LON,WMO_WIND,WMO_PRES\n"
                          " ,Year, , ,degrees_north,degrees_east,kts,mb\n"
                          "2019236N10314,2019,DORIAN,2019-08-28 00:00:00,17.9,-65.0,70,990\n"
                          "2019236N10314,2019,DORIAN,2019-08-28 06:00:00,18.8,-65.5,70,990\n"
                          "2019236N10314,2019,DORIAN,2019-08-28 12:00:00,19.6,-66.2,75,986\n"
                          "2019236N10314,2019,DORIAN,2019-08-29 12:00:00,22.6,-68.2,75,986\n"});
  drawer(folder, "2019236N10314").set("storms", '"' + best.string() + '"').run();
  const std::string svg = read_whole_file(folder.path() / "maps/20190828T00-2019236n10314.svg");
  CHECK(count(svg, "class=\"curve s0 thin\"") == 1 + 2);   // the legend and two members
  CHECK(count(svg, "class=\"curve s1 solid\"") == 1 + 1);  // the legend and the best track
}

TEST_CASE("lows that were found by themselves share one map") {
  const TemporaryFolder folder;
  drawer(folder, "1").run();
  const std::string svg = read_whole_file(folder.path() / "maps/20190828T00-lows.svg");
  CHECK(count(svg, "class=\"curve s0 thin\"") == 1 + 2);
  CHECK(svg.find("observed") == std::string::npos);
}
