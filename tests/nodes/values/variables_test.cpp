#include "nodes/values/variables.h"

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <vector>

#include "tests/nodes/error_message.h"

using namespace ladcast;

TEST_CASE("a variable is found by each of its names and numbers") {
  const Variable* t2m = find_variable("2m_temperature");
  REQUIRE(t2m);
  CHECK(find_variable("2t") == t2m);
  CHECK(find_variable("t2m") == t2m);
  CHECK(find_variable(167L) == t2m);
  CHECK(find_variable({0, 0, 0}, Surface::height, 2) == t2m);
  CHECK(find_variable("dew_point") == nullptr);
}

TEST_CASE("equal GRIB2 numbers are told apart by surface and height") {
  CHECK(find_variable({0, 2, 2}, Surface::isobaric, 0)->name == "u_component_of_wind");
  CHECK(find_variable({0, 2, 2}, Surface::height, 10)->name == "10m_u_component_of_wind");
  CHECK(find_variable({0, 2, 2}, Surface::height, 100) == nullptr);
  CHECK(find_variable({0, 3, 0}, Surface::sea_level, 0)->name == "mean_sea_level_pressure");
  CHECK(find_variable({0, 3, 0}, Surface::ground, 0)->name == "surface_pressure");
}

TEST_CASE("a name leads to one variable, that of precipitation to the sum over 6 h") {
  std::set<std::string_view> names, short_names;
  for (const Variable& variable : variables()) {
    const bool repeated = variable.name == "skin_temperature";  // two GRIB2 numbers
    CHECK((names.insert(variable.name).second || repeated));
    CHECK((short_names.insert(variable.short_name).second || repeated ||
           variable.short_name == "tp"));
    CHECK(find_variable(variable.name)->name == variable.name);
    CHECK(find_variable(variable.netcdf_name)->netcdf_name == variable.netcdf_name);
  }
  CHECK(find_variable("tp")->accumulation_hours == 6);
  CHECK(find_variable(228L)->accumulation_hours == 6);
}

TEST_CASE("what becomes a variable by a factor has its surface") {
  const Equivalent* height = find_equivalent("geopotential");
  REQUIRE(height);
  CHECK(height->factor == 9.80665);
  CHECK(find_variable(height->source)->surface == Surface::isobaric);
  CHECK(find_equivalent("temperature") == nullptr);
}

TEST_CASE("channels are written as messages show them") {
  CHECK(parse_channel("2m_temperature") == Channel{"2m_temperature", {}, "K"});
  CHECK(parse_channel("geopotential 500") == Channel{"geopotential", 500, "m2 s-2"});
  CHECK(parse_channel("geopotential 500 hPa") == Channel{"geopotential", 500, "m2 s-2"});
  CHECK(parse_channel("snow_depth [m]") == Channel{"snow_depth", {}, "m"});
  CHECK(error_of([] { parse_channel("geopotential"); }) == "'geopotential' needs a level in hPa");
  CHECK(error_of([] { parse_channel("2m_temperature 500"); }) == "'2m_temperature' has no levels");
  CHECK(error_of([] { parse_channel("snow_depth"); }) == "'snow_depth' is not a known variable");
  CHECK(contains(error_of([] { parse_channel("geopotential at 500"); }), "is not a channel"));
  CHECK(contains(error_of([] { parse_channel(std::string(100'000, 'a')); }), "is not a channel"));
  CHECK(contains(error_of([] { parse_channel("2m_temperature, above 1e999"); }), "is no number"));
  CHECK(contains(error_of([] { parse_channel("2m_temperature, above e"); }), "is no number"));
}

TEST_CASE("statistics are told apart by all digits of their thresholds") {
  using enum Statistic::Kind;
  for (const auto& [text, statistic] : std::vector<std::pair<std::string, Statistic>>{
           {"mean_sea_level_pressure, mean", {mean}},
           {"mean_sea_level_pressure, standard deviation", {standard_deviation}},
           {"mean_sea_level_pressure, percentile 2.5", {percentile, 2.5}},
           {"mean_sea_level_pressure, above 101325.1", {above, 101325.1}},
           {"mean_sea_level_pressure, below 1e-05", {below, 1e-05}}}) {
    const Channel channel{"mean_sea_level_pressure", {}, "Pa", statistic};
    CHECK(to_string(channel) == text);
    CHECK(parse_channel(text) == channel);
    CHECK(parse_channel(text + " [Pa]") == channel);
  }
}
