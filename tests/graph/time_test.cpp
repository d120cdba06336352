#include "graph/time.h"

#include <doctest/doctest.h>

#include "graph/error.h"

using namespace ladcast;

TEST_CASE("times are read in the forms that people write") {
  const Time expected{std::chrono::seconds{1514959200}};  // 2018-01-03 06 UTC
  for (const char* text :
       {"2018-01-03T06:00:00Z", "2018-01-03T06:00", "2018-01-03T06", "2018-01-03 06:00:00"})
    CHECK(parse_time(text) == expected);
  CHECK(parse_time("2018-01-03") == expected - std::chrono::hours{6});
}

TEST_CASE("times print as messages and file names have them") {
  const Time time = parse_time("2002-01-11T00:00:00Z");
  CHECK(format_time(time) == "2002-01-11T00:00:00Z");
  CHECK(compact_time(time) == "20020111T00");
  CHECK(short_time(time) == "2002-01-11T00");
}

TEST_CASE("what is not a time is refused by name") {
  for (const char* text :
       {"", "2018", "2018-13-01", "2018-02-30", "2018-01-03T25", "2018-01-03T06:00:00+01:00"})
    CHECK_THROWS_AS(parse_time(text), Error);
}
