#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "graph/harness.h"
#include "tests/nodes/error_message.h"
#include "tests/plugins/one_row.h"

using namespace ladcast;

namespace {

const Channel kTemperature{"2m_temperature", {}, "K"};

float chill(float celsius, float kilometres_per_hour) {
  const Fields fields = one_row({{kTemperature, {celsius + 273.15F}},
                                 {{"10m_wind_speed", {}, "m s-1"}, {kilometres_per_hour / 3.6F}}});
  return Harness("wind_chill").put("fields", fields).get<Fields>("derived").values.at(0) - 273.15F;
}

}  // namespace

TEST_CASE("wind chill is that of the published table") {
  // Environment Canada's chart in whole degrees: temperature, wind in km/h, wind chill.
  const float chart[][3] = {{5, 10, 3},     {0, 20, -5},    {-5, 40, -14}, {-10, 30, -20},
                            {-20, 50, -35}, {-30, 60, -50}, {-40, 5, -47}, {-50, 80, -81}};
  for (const auto& [t, v, index] : chart) CHECK(std::round(chill(t, v)) == index);
}

TEST_CASE("outside of the formula's range wind chill is the temperature") {
  CHECK(chill(20, 50) == doctest::Approx(20));
  CHECK(chill(-10, 4) == doctest::Approx(-10));
  CHECK(chill(-10, 0) == doctest::Approx(-10));
}

TEST_CASE("wind chill takes the components of the wind where there is no speed") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const Fields fields = one_row({{{"10m_v_component_of_wind", {}, "m s-1"}, {-4, 4, nan}},
                                 {kTemperature, {263.15F, nan, 263.15F}},
                                 {{"10m_u_component_of_wind", {}, "m s-1"}, {3, 3, 3}}});
  const Fields result = Harness("wind_chill").put("fields", fields).get<Fields>("derived");
  CHECK(result.channels == std::vector<Channel>{{"wind_chill", {}, "K"}});
  CHECK(result.values[0] - 273.15F == doctest::Approx(chill(-10, 18)));
  CHECK(std::isnan(result.values[1]));
  CHECK(std::isnan(result.values[2]));
}

TEST_CASE("wind chill names what is missing") {
  auto harness = Harness("wind_chill");
  harness.put("fields", one_row({{kTemperature, {280}}}));
  CHECK(contains(error_of([&] { harness.all<Fields>("derived"); }),
                 "neither 10m_wind_speed nor both components of the wind at 10 m"));
}
