#include "nodes/report/axis.h"

#include <doctest/doctest.h>

#include <cmath>
#include <random>

using namespace ladcast;

using Labels = std::vector<std::string>;

TEST_CASE("ticks are round numbers within the axis") {
  CHECK(round_ticks(0, 10, 5) == std::vector<double>{0, 2, 4, 6, 8, 10});
  CHECK(round_ticks(-1, 1, 4) == std::vector<double>{-1, -0.5, 0, 0.5, 1});
  CHECK(round_ticks(3, 97, 4) == std::vector<double>{25, 50, 75});
}

TEST_CASE("any axis has between two and thrice as many ticks as wanted, all inside") {
  std::mt19937 generator(1);
  std::uniform_real_distribution<double> number(-1, 1), power(-6, 6);
  for (int i = 0; i < 1000; ++i) {
    const double low = number(generator) * std::pow(10, power(generator));
    const double high = low + std::pow(10, power(generator));
    const Span span = round_span(low, high, 5);
    CHECK(span.low <= low + 1e-8 * (high - low));
    CHECK(span.high >= high - 1e-8 * (high - low));
    const auto ticks = round_ticks(span.low, span.high, 5);
    CAPTURE(low);
    CAPTURE(high);
    CHECK(ticks.size() >= 2);
    CHECK(ticks.size() <= 15);
    for (const double tick : ticks) {
      CHECK(tick >= span.low - 1e-6 * (span.high - span.low));
      CHECK(tick <= span.high + 1e-6 * (span.high - span.low));
    }
  }
}

TEST_CASE("a span of one value is widened") {
  CHECK(round_span(0, 0, 5).low < 0);
  CHECK(round_span(7, 7, 5).high > 7);
}

TEST_CASE("labels have the decimals that their steps need") {
  CHECK(tick_labels({0, 0.5, 1}) == Labels{"0", "0.5", "1.0"});
  CHECK(tick_labels({-100, 0, 100}) == Labels{"−100", "0", "100"});
  CHECK(tick_labels({50000, 55000}) == Labels{"50\u2009000", "55\u2009000"});
  CHECK(tick_labels({0, 2e-5}) == Labels{"0", "2e-05"});
}

TEST_CASE("logarithmic axes have powers of ten") {
  CHECK(decade_ticks(1, 1000) == std::vector<double>{1, 10, 100, 1000});
  CHECK(decade_ticks(1, 32) == std::vector<double>{1, 10});
  CHECK(decade_ticks(1.5, 32).size() >= 2);
  const Scale scale(1, 100, 0, 50, true);
  CHECK(scale.at(10) == doctest::Approx(25));
}

TEST_CASE("leads have ticks at whole days where there are some") {
  CHECK(day_ticks(1) == std::vector<double>{0, 0.25, 0.5, 0.75, 1});
  CHECK(day_ticks(10) == std::vector<double>{0, 2, 4, 6, 8, 10});
  CHECK(day_ticks(15) == std::vector<double>{0, 5, 10, 15});
}

TEST_CASE("units, names and values are as people write them") {
  CHECK(shown_units("m2 s-2") == "m² s⁻²");
  CHECK(shown_units("kg kg-1") == "kg kg⁻¹");
  CHECK(shown_units("K") == "K");
  CHECK(shown_name({"geopotential", 500, ""}) == "Geopotential 500 hPa");
  CHECK(shown_name({"2m_temperature", {}, ""}) == "2 m temperature");
  CHECK(shown_name({"total_precipitation_6hr", {}, ""}) == "6 h precipitation");
  CHECK(shown_name({"10m_u_component_of_wind", {}, ""}) == "10 m u wind");
  CHECK(shown_lead(6) == "6 h");
  CHECK(shown_lead(24) == "day 1");
  CHECK(shown_lead(78) == "day 3.25");
  CHECK(shown_value(195.23) == "195");
  CHECK(shown_value(0.012345) == "0.0123");
  CHECK(shown_value(54123) == "54\u2009123");
  CHECK(shown_value(std::nan("")) == "–");
}

TEST_CASE("pressure, precipitation and humidity are shown in the units of forecasters") {
  CHECK(display_units({"mean_sea_level_pressure", {}, "Pa"}).units == "hPa");
  CHECK(display_units({"total_precipitation_6hr", {}, "m"}).factor == 1000);
  CHECK(display_units({"specific_humidity", 850, "kg kg-1"}).units == "g kg⁻¹");
  CHECK(shown_event({"total_precipitation_6hr", {}, "m"}, "> 0.005") == "6 h precipitation > 5 mm");
  CHECK(shown_event({"2m_temperature", {}, "K"}, "< 273.15") == "2 m temperature < 273.15 K");
}

TEST_CASE("a difference that rounds to nothing has no sign") {
  CHECK(shown_percent(12.04, 1) == "+12.0");
  CHECK(shown_percent(-3.4, 0) == "−3");
  CHECK(shown_percent(-0.04, 1) == "0.0");
  CHECK(shown_percent(0.4, 0) == "0");
}
