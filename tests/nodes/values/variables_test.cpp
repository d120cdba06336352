#include "nodes/values/variables.h"

#include <doctest/doctest.h>

#include <set>

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

TEST_CASE("no name is used twice") {
  std::set<std::string_view> names;
  for (const Variable& variable : variables()) {
    CHECK(names.insert(variable.name).second);
    CHECK(names.insert(variable.short_name).second);
    if (variable.netcdf_name != variable.short_name) {
      CHECK(names.insert(variable.netcdf_name).second);
    }
  }
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
}
