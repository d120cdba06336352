#include "nodes/ingest/cf_time.h"

#include <doctest/doctest.h>

#include "tests/nodes/error_message.h"

using namespace ladcast;

TEST_CASE("CF times are decoded in every spelling that the feeds use") {
  const auto decode = [](const char* units, double value) {
    return format_time(CfTimeUnits::parse(units, "").decode(value));
  };
  CHECK(decode("hours since 1900-01-01 00:00:00.0", 1043148) == "2019-01-01T12:00:00Z");
  CHECK(decode("hours since 1900-01-01 00:00:0.0", 0) == "1900-01-01T00:00:00Z");
  CHECK(decode("seconds since 1970-01-01", 1546344000) == "2019-01-01T12:00:00Z");
  CHECK(decode("days since 2000-1-1", 1.25) == "2000-01-02T06:00:00Z");
  CHECK(decode("minutes since 2000-02-28T23:30:00Z", 60) == "2000-02-29T00:30:00Z");
  CHECK(decode("hours since 2000-01-01 06:00:00 UTC", -6) == "2000-01-01T00:00:00Z");
}

TEST_CASE("times that cannot be decoded are refused") {
  CHECK(contains(error_of([] { CfTimeUnits::parse("hours since 2000-01-01", "noleap"); }),
                 "calendar 'noleap' is not supported"));
  CHECK(contains(error_of([] { CfTimeUnits::parse("months since 2000-01-01", ""); }),
                 "'months' is not a unit of time"));
  CHECK(contains(error_of([] { CfTimeUnits::parse("hours", ""); }), "'hours' is not understood"));
  CHECK(contains(error_of([] { CfTimeUnits::parse("hours since 2001-02-29", ""); }),
                 "does not exist"));
}
