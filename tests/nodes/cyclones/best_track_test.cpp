#include "nodes/cyclones/best_track.h"

#include <doctest/doctest.h>

#include <cmath>

#include "tests/nodes/data_folder.h"
#include "tests/nodes/error_message.h"
#include "tests/temporary_folder.h"

using namespace ladcast;

namespace {

const char* const kIbtracs =
    "SID,SEASON,NUMBER,BASIN,SUBBASIN,NAME,ISO_TIME,NATURE,LAT,LON,WMO_WIND,WMO_PRES,USA_WIND,"
    "USA_PRES\n"
    " ,Year, , , , , , ,degrees_north,degrees_east,kts,mb,kts,mb\n"
    "2019236N10314,2019,45,NA,MM,DORIAN,2019-08-28 00:00:00,TS,16.0,-63.7,45,1003,50, \n"
    "2019236N10314,2019,45,NA,MM,DORIAN,2019-08-28 03:00:00,TS,16.5,-64.0, , ,51, \n"
    "2019236N10314,2019,45,NA,MM,DORIAN,2019-08-28 06:00:00,TS,17.0,-64.2, , ,60,997\n"
    "2018271N06154,2018,70,WP,MM,KONG-REY,20180930000000,TS,18.2,181.5, , , , \n"
    "2018271N06154,2018,70,WP,MM,KONG-REY,20180930060000,NR, , , , , , \n";

const char* const kHurdat =
    "AL052019,             DORIAN,      3,\n"
    "20190828, 0000,  , TS, 16.0N,  63.7W,  45, 1003,   60,   30,\n"
    "20190828, 0930, L, TS, 16.9N,  64.1W,  55,  999,   60,   30,\n"
    "20190828, 1200,  , HU, 17.7S, 175.2E, -99, -999,   60,   30,\n"
    "AL062019,               ERIN,      1,\n"
    "20190826, 1800,  , TD, 32.5N,  71.0W,  30, 1008,    0,    0,\n";

std::string error_in(const TemporaryFolder& folder, const std::string& text) {
  return error_of([&] { read_best_tracks(folder.write("tracks.csv", text)); });
}

}  // namespace

TEST_CASE("IBTrACS: units row, blanks, both forms of time, longitudes below 0 and above 180") {
  const TemporaryFolder folder;
  const auto storms = read_best_tracks(folder.write("ibtracs.csv", kIbtracs));
  REQUIRE(storms.size() == 2);
  CHECK(storms[0].id == "2019236N10314");
  CHECK(storms[0].name == "DORIAN");
  CHECK(storms[0].season == 2019);
  REQUIRE(storms[0].observations.size() == 2);  // not that of 03 UTC
  const auto& first = storms[0].observations[0];
  CHECK(first.time == parse_time("2019-08-28T00"));
  CHECK(first.position.latitude == 16.0);
  CHECK(first.position.longitude == doctest::Approx(296.3));
  CHECK(first.msl == 100300.0);
  CHECK(first.wind == doctest::Approx(45 * 0.514444));  // that of the WMO agency
  const auto& second = storms[0].observations[1];
  CHECK(second.msl == 99700.0);  // that of the USA
  CHECK(second.wind == doctest::Approx(60 * 0.514444));
  REQUIRE(storms[1].observations.size() == 1);  // not where the position is not known
  const auto& third = storms[1].observations[0];
  CHECK(third.position.longitude == doctest::Approx(181.5));
  CHECK(third.time == parse_time("2018-09-30T00"));
  CHECK(std::isnan(third.msl));
  CHECK(std::isnan(third.wind));
  CHECK(storms[0].at(parse_time("2019-08-28T06")) == &second);
  CHECK(storms[0].at(parse_time("2019-08-28T03")) == nullptr);
  CHECK(storms[0].at(parse_time("2019-08-29T00")) == nullptr);
}

TEST_CASE("HURDAT2: hemispheres, missing values and landfalls between the synoptic hours") {
  const TemporaryFolder folder;
  const auto storms = read_best_tracks(folder.write("hurdat2.txt", kHurdat));
  REQUIRE(storms.size() == 2);
  CHECK(storms[0].id == "AL052019");
  CHECK(storms[0].season == 2019);
  REQUIRE(storms[0].observations.size() == 2);
  CHECK(storms[0].observations[0].position.longitude == doctest::Approx(296.3));
  CHECK(storms[0].observations[0].msl == 100300.0);
  CHECK(storms[0].observations[1].time == parse_time("2019-08-28T12"));
  CHECK(storms[0].observations[1].position == LatLon{-17.7, 175.2});
  CHECK(std::isnan(storms[0].observations[1].msl));
  CHECK(std::isnan(storms[0].observations[1].wind));
  CHECK(storms[1].name == "ERIN");
}

TEST_CASE("lines may end as on Windows") {
  const TemporaryFolder folder;
  std::string text;
  for (const char c : std::string(kIbtracs)) text += c == '\n' ? "\r\n" : std::string(1, c);
  CHECK(read_best_tracks(folder.write("ibtracs.csv", text)).size() == 2);
}

TEST_CASE("storms are picked by id, by name and by name and season") {
  const TemporaryFolder folder;
  const std::string again =
      "2025200N10314,2025,45,NA,MM,DORIAN,2025-08-28 00:00:00,TS,16.0,-63.7,,,,\n";
  const auto storms = read_best_tracks(folder.write("ibtracs.csv", kIbtracs + again));
  CHECK(pick(storms, {"2019236N10314"}).at(0).season == 2019);
  CHECK(pick(storms, {"kong-rey", "Dorian 2025"}).at(1).id == "2025200N10314");
  const std::string several = error_of([&] { pick(storms, {"DORIAN"}); });
  CHECK(contains(several,
                 "2 storms are called 'DORIAN': 2019236N10314 (DORIAN 2019), 2025200N10314"));
  CHECK(contains(several, "take an id"));
  CHECK(contains(error_of([&] { pick(storms, {"Katrina"}); }),
                 "no storm is called 'Katrina'; there are 2019236N10314 (DORIAN 2019), "));
}

TEST_CASE("what cannot be read is named with its line and a cure") {
  const TemporaryFolder folder;
  const std::string header = "SID,SEASON,NAME,ISO_TIME,LAT,LON\n";
  CHECK(contains(error_in(folder, header + "A,2019,X,2019-08-28 00:00:00,abc,3\n"),
                 "tracks.csv, line 2: LAT 'abc' is no number; correct the cell"));
  CHECK(contains(error_in(folder, header + "A,2019,X,2019-13-28 00:00:00,1,3\n"),
                 "'2019-13-28 00:00:00' is no time; write YYYY-MM-DD HH:MM:SS"));
  CHECK(contains(error_in(folder, header + "A,2019,X,2019-08-28 00:00:00,91,3\n"),
                 "91 N 3 E is no place on Earth"));
  CHECK(contains(error_in(folder, header + "A,2019,X,2019-08-28\n"),
                 "4 cells, column LAT is the 5th; fetch the file again"));
  CHECK(contains(error_in(folder, header + "A,2019,X,2019-08-28 06:00:00,1,3\n" +
                                      "A,2019,X,2019-08-28 00:00:00,1,3\n"),
                 "line 3: storm A is at 2019-08-28T00 after 2019-08-28T06; sort the rows"));
  CHECK(contains(error_in(folder, "SID,NAME,LAT,LON\n"),
                 "line 1: the header has no column ISO_TIME"));
  CHECK(contains(error_in(folder, "time,lat\n"),
                 "'time' begins neither an IBTrACS nor a HURDAT2 file"));
  CHECK(contains(error_in(folder, ""), "the file is empty"));
  CHECK(
      contains(error_in(folder, "AL052019, DORIAN, 2,\n20190828, 0000, , TS, 16N, 63W, 45, 1003\n"),
               "ends after 1 of 2 rows of AL052019"));
  CHECK(contains(
      error_in(folder, "AL052019, DORIAN, 1,\n20190828, 0000, , TS, 16.0, 63W, 45, 1003\n"),
      "line 2: '16.0' is no degrees N or S"));
  CHECK(contains(error_in(folder, "AL052019, DORIAN, 1e9,\n"),
                 "the number of rows '1e9' is no whole number below 10000"));
  CHECK(contains(error_in(folder, header + "A,99999,X,2019-08-28 06:00:00,1,3\n"),
                 "SEASON '99999' is no whole number"));
  CHECK(contains(error_of([&] { read_best_tracks(folder.path() / "none.csv"); }), "cannot open"));
}

TEST_CASE("real storms: Helene, Freddy, and one that crosses the date line") {
  const auto file = data_file("ibtracs/ibtracs_3storms_reduced.csv");
  if (!file) return;
  const auto storms = read_best_tracks(*file);
  REQUIRE(storms.size() == 3);
  const Storm helene = pick(storms, {"Helene 2024"}).at(0);
  CHECK(helene.observations.front().time == parse_time("2024-09-23T12"));
  CHECK(helene.observations.front().position.longitude == doctest::Approx(278.3));
  CHECK(helene.observations.front().msl == 100400.0);
  const Storm cody = pick(storms, {"CODY"}).at(0);
  bool east = false;
  bool west = false;
  for (const auto& each : cody.observations) (each.position.longitude < 180 ? east : west) = true;
  CHECK((east && west));
}
