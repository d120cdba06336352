#include "nodes/values/event.h"

#include <doctest/doctest.h>

#include "tests/nodes/error_message.h"

using namespace ladcast;

TEST_CASE("an event names a variable, its level and a threshold") {
  const Event hot = parse_event("2m_temperature > 303.15");
  CHECK(hot.name == "2m_temperature");
  CHECK(!hot.level);
  CHECK(hot.statistic == Statistic{Statistic::Kind::above, 303.15});
  const Event low = parse_event("geopotential 500 hPa<-5.2e4");
  CHECK(low.level == 500);
  CHECK(low.condition() == "< -52000");
  CHECK(low.statistic == Statistic{Statistic::Kind::below, -52000});
}

TEST_CASE("what is no event is refused") {
  for (const char* text : {"", "2m_temperature", "2m_temperature >= 3", "2m_temperature > hot",
                           "> 3", "a b c > 3", "2m_temperature > 3 K", "t > ."}) {
    CHECK(contains(error_of([&] { parse_event(text); }), "is not \"VARIABLE > NUMBER\""));
  }
  CHECK(contains(error_of([] { parse_event(std::string(100'000, 'a')); }), "is not \"VARIABLE"));
  CHECK(contains(error_of([] { parse_event("t > 1e999"); }), "1e999 of 't > 1e999' is too large"));
}
