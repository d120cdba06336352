#include <doctest/doctest.h>

#include "graph/harness.h"
#include "nodes/values/fields_payload.h"

using namespace ladcast;

namespace {

const Fields kFields{{{0}, {0, 180}},
                     {{"geopotential", 500, "m2 s-2"}, {"geopotential", 850, "m2 s-2"}},
                     parse_time("2002-01-11"),
                     {6},
                     {1},
                     false,
                     {55000, 56000, 15000, 14000}};

}  // namespace

TEST_CASE("thickness is the difference of the heights") {
  const Fields layer = Harness("thickness").put("fields", kFields).get<Fields>("thickness");
  CHECK(layer.channels == std::vector<Channel>{{"thickness_850_500", {}, "m"}});
  CHECK(layer.values[0] == doctest::Approx(40000 / 9.80665));
  CHECK(layer.values[1] == doctest::Approx(42000 / 9.80665));
}

TEST_CASE("a level that is not there is refused before the run") {
  Harness harness("thickness");
  harness.set("lower", "1000").put("fields", kFields);
  CHECK_THROWS_WITH_AS(harness.get<Fields>("thickness"),
                       doctest::Contains("the fields have no geopotential 1000 hPa"), Error);
}
