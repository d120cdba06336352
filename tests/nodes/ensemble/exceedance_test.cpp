#include "nodes/ensemble/exceedance.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "tests/nodes/error_message.h"

using namespace ladcast;

namespace {

constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();

// Members of one lead and two points: temperature, then geopotential at 500 hPa.
Fields batch(std::vector<int> members, std::vector<float> values) {
  return {Grid{{0}, {0, 180}},
          {{"2m_temperature", {}, "K"}, {"geopotential", 500, "m2 s-2"}},
          Time{},
          {6},
          std::move(members),
          false,
          std::move(values)};
}

}  // namespace

TEST_CASE("probabilities are counted over all batches") {
  const std::vector events = {parse_event("2m_temperature > 300"),
                              parse_event("geopotential 500 < 52000")};
  Exceedance exceedance;
  exceedance.add(batch({1, 2}, {299, 301, 51000, 53000, 302, 303, 51999, 52000}), events);
  exceedance.add(batch({3, 4}, {300, 310, 52001, 52001, 280, 311, 40000, 60000}), events);
  const Fields result = exceedance.probabilities();
  CHECK(result.values == std::vector<float>{0.25, 1, 0.75, 0});
  CHECK(result.members == std::vector<int>{0});
  CHECK(to_string(result.channels[0]) == "2m_temperature, above 300");
  CHECK(to_string(result.channels[1]) == "geopotential 500 hPa, below 52000");
  CHECK(result.channels[1].units == "1");
}

TEST_CASE("a value that equals the threshold as float32 is neither above nor below it") {
  for (const char* text : {"2m_temperature > 303.15", "2m_temperature < 303.15"}) {
    Exceedance exceedance;
    exceedance.add(batch({1}, {303.15F, 303.15F, 0, 0}), {parse_event(text)});
    CHECK(exceedance.probabilities().values == std::vector<float>{0, 0});
  }
}

TEST_CASE("missing members are left out at each point of an event") {
  Exceedance exceedance;
  exceedance.add(batch({1, 2}, {kMissing, kMissing, 0, 0, 301, kMissing, 0, 0}),
                 {parse_event("2m_temperature > 300")});
  CHECK(exceedance.probabilities().values[0] == 1);
  CHECK(std::isnan(exceedance.probabilities().values[1]));
}

TEST_CASE("an event of a channel that is not there is refused") {
  Exceedance exceedance;
  CHECK(error_of([&] {
          exceedance.add(batch({1}, {0, 0, 0, 0}), {parse_event("geopotential 850 > 1")});
        }) == "the fields have no geopotential 850 hPa");
}
