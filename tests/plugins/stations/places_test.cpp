#include "plugins/stations/places.h"

#include <doctest/doctest.h>

#include "tests/nodes/error_message.h"
#include "tests/temporary_folder.h"

using namespace ladcast;

TEST_CASE("a place is a name and two coordinates") {
  const Place berlin = parse_place("Berlin, 52.52, 13.40");
  CHECK(berlin.name == "Berlin");
  CHECK(berlin.latitude == 52.52);
  CHECK(berlin.longitude == 13.40);
  CHECK(parse_place("Lima,-12,-77").longitude == 283);
  CHECK(parse_place("Null Island,0,360").longitude == 0);
  CHECK(parse_place("\"Washington, \"\"DC\"\"\",38.9,-77").name == "Washington, \"DC\"");
}

TEST_CASE("what is no place is refused with the reason") {
  const auto message = [](const char* text) { return error_of([&] { parse_place(text); }); };
  CHECK(message("Berlin,52") == "'Berlin,52' is no place; write name,latitude,longitude");
  CHECK(message(",52,13") == "',52,13' is no place; write name,latitude,longitude");
  CHECK(message("Berlin,north,13") == "the latitude 'north' is no number");
  CHECK(message("Berlin,52.5x,13") == "the latitude '52.5x' is no number");
  CHECK(message("Berlin,91,13") == "the latitude 91 is not between -90 and 90");
  CHECK(message("Berlin,nan,13") == "the latitude nan is not between -90 and 90");
  CHECK(message("Berlin,52,361") == "the longitude 361 is not between -180 and 360");
}

TEST_CASE("a file has a place on each line, perhaps a header, comments and empty lines") {
  const TemporaryFolder folder;
  const auto file =
      folder.write("p.csv", "name,latitude,longitude\r\n# cities\n\nA,1,2\r\nB,3,4\n").string();
  const auto places = read_places(file);
  REQUIRE(places.size() == 2);
  CHECK(places[1].name == "B");
  CHECK(places[0].longitude == 2);
  folder.write("p.csv", "A,1,2\nB,3\n");
  CHECK(error_of([&] { read_places(file); }) ==
        file + ":2: 'B,3' is no place; write name,latitude,longitude");
  CHECK(contains(error_of([] { read_places("/nowhere.csv"); }), "/nowhere.csv: no such file"));
}

TEST_CASE("names are distinct") {
  CHECK(error_of([] { require_distinct({}); }) == "the list of places is empty");
  CHECK(error_of([] {
          require_distinct({{"A", 1, 2}, {"A", 3, 4}});
        }) == "two places are called 'A'");
}
