#include "nodes/retrieve/needs.h"

#include <doctest/doctest.h>

using namespace ladcast;

namespace {

std::set<Time> times(const std::vector<const char*>& texts) {
  std::set<Time> all;
  for (const char* text : texts) all.insert(parse_time(text));
  return all;
}

}  // namespace

TEST_CASE("dates hold the times that are wanted and no others") {
  CHECK(dates_of(times({"2018-01-03T00", "2018-01-03T12", "2018-01-04T00", "2018-01-04T12"})) ==
        std::vector<Dates>{{2018, 1, {3, 4}, {0, 12}}});
  CHECK(dates_of(times({"2018-01-31T00", "2018-02-01T00"})) ==
        std::vector<Dates>{{2018, 1, {31}, {0}}, {2018, 2, {1}, {0}}});
  CHECK(dates_of(times({"2018-01-03T00", "2018-01-04T12"})) ==
        std::vector<Dates>{{2018, 1, {3}, {0}}, {2018, 1, {4}, {12}}});
}

TEST_CASE("each date of a list of times comes once") {
  std::set<Time> all;
  for (int i = 0; i < 300; ++i) all.insert(parse_time("2019-12-20") + std::chrono::hours(7 * i));
  std::set<Time> found;
  for (const Dates& dates : dates_of(all))
    for (const int day : dates.days)
      for (const int hour : dates.hours) {
        const std::chrono::sys_days date = std::chrono::year(dates.year) / dates.month / day;
        CHECK(found.insert(date + std::chrono::hours(hour)).second);
      }
  CHECK(found == all);
}

TEST_CASE("precipitation is that of the six hours that end at the time") {
  CHECK(dates_of(six_hours_before(times({"2018-01-01T00"}))) ==
        std::vector<Dates>{{2017, 12, {31}, {19, 20, 21, 22, 23}}, {2018, 1, {1}, {0}}});
  CHECK(dates_of(six_hours_before(times({"2018-01-01T06"}))) ==
        std::vector<Dates>{{2018, 1, {1}, {1, 2, 3, 4, 5, 6}}});
}
