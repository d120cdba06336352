#include <doctest/doctest.h>

#include <cmath>

#include "graph/harness.h"
#include "tests/nodes/error_message.h"
#include "tests/plugins/one_row.h"

using namespace ladcast;

namespace {

float kelvin(float fahrenheit) { return (fahrenheit - 32) / 1.8F + 273.15F; }
float fahrenheit(float kelvin) { return (kelvin - 273.15F) * 1.8F + 32; }

float index_of(const Channel& second, float temperature, float value) {
  const Fields fields =
      one_row({{{"2m_temperature", {}, "K"}, {kelvin(temperature)}}, {second, {value}}});
  return fahrenheit(
      Harness("heat_index").put("fields", fields).get<Fields>("derived").values.at(0));
}

float from_humidity(float temperature, float humidity) {
  return index_of({"2m_relative_humidity", {}, "%"}, temperature, humidity);
}

double regression(double t, double r) {
  return -42.379 + 2.04901523 * t + 10.14333127 * r - 0.22475541 * t * r - 0.00683783 * t * t -
         0.05481717 * r * r + 0.00122874 * t * t * r + 0.00085282 * t * r * r -
         0.00000199 * t * t * r * r;
}

}  // namespace

TEST_CASE("heat index is that of the published chart") {
  // The National Weather Service's chart in whole degrees Fahrenheit: temperature, humidity, index.
  const float chart[][3] = {{80, 40, 80},   {84, 60, 88},   {90, 50, 95},
                            {90, 70, 105},  {94, 65, 114},  {96, 50, 108},
                            {100, 55, 124}, {104, 40, 119}, {110, 40, 136}};
  for (const auto& [t, r, index] : chart)
    CHECK(from_humidity(t, r) == doctest::Approx(index).epsilon(0.011));
}

TEST_CASE("heat index is adjusted in dry and in very moist air") {
  CHECK(from_humidity(95, 5) == doctest::Approx(regression(95, 5) - 2.0).epsilon(1e-4));
  CHECK(from_humidity(86, 90) == doctest::Approx(regression(86, 90) + 0.1).epsilon(1e-4));
}

TEST_CASE("in mild air heat index is near the temperature, in cold air it is the temperature") {
  CHECK(from_humidity(70, 50) == doctest::Approx(69.525).epsilon(0.002));
  CHECK(from_humidity(30, 80) == doctest::Approx(30));
}

TEST_CASE("heat index follows from the dew point too") {
  const Channel dew_point{"2m_dewpoint_temperature", {}, "K"};
  // 32 degrees Celsius over a dew point of 20.27 is a relative humidity of 50 %.
  CHECK(index_of(dew_point, 89.6F, 20.27F + 273.15F) ==
        doctest::Approx(from_humidity(89.6F, 50)).epsilon(1e-3));
  CHECK(index_of(dew_point, 90, kelvin(95)) == doctest::Approx(from_humidity(90, 100)));
  CHECK(std::isnan(index_of(dew_point, 90, std::nanf(""))));
}

TEST_CASE("heat index names what is missing") {
  auto harness = Harness("heat_index");
  harness.put("fields", one_row({{{"2m_temperature", {}, "K"}, {300}}}));
  CHECK(contains(error_of([&] { harness.all<Fields>("derived"); }),
                 "neither 2m_dewpoint_temperature nor 2m_relative_humidity"));
}
