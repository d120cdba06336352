#include "nodes/ingest/plausible_means.h"

#include <doctest/doctest.h>

#include <limits>

#include "nodes/values/regrid.h"
#include "nodes/values/variables.h"
#include "tests/nodes/error_message.h"

using namespace ladcast;

namespace {

const std::vector<double> kEvery20 = {-80, -60, -40, -20, 0, 20, 40, 60, 80};

Fields filled(const char* channel, float value, const std::vector<double>& latitude = kEvery20) {
  Fields fields{{latitude, evenly_around(18)}, {parse_channel(channel)}, {}, {0}, {0}, false, {}};
  fields.allocate(value);
  return fields;
}

std::string error_of_mean(const char* channel, float value) {
  return error_of([&] { require_plausible_means(filled(channel, value)); });
}

}  // namespace

TEST_CASE("values in other units than the file says are told by the mean of the globe") {
  CHECK(error_of_mean("2m_temperature", 14.5F) ==
        "the mean of 2m_temperature over the globe is 14.5 K, and can be 150 to 350; if the values "
        "are in degrees Celsius, units = \"degC\" has them converted");
  CHECK(contains(error_of_mean("geopotential 500", 5574), "can be 20502.5 to 128141"));
  CHECK(contains(error_of_mean("geopotential 500", 5574), "units = \"m\""));
  CHECK(contains(error_of_mean("geopotential_height 500", 54660), "units = \"m2 s-2\""));
  CHECK(contains(error_of_mean("mean_sea_level_pressure", 1013), "\"hPa\""));
  CHECK(contains(error_of_mean("total_precipitation_6hr", 0.7F), "\"mm\""));
  CHECK(contains(error_of_mean("specific_humidity 850", 5.7F), "\"g kg-1\""));
  CHECK(contains(error_of_mean("land_sea_mask", 34), "percentages"));
  CHECK(contains(error_of_mean("temperature 100", 273.15F + 197), "is 470.1 K"));
}

TEST_CASE("usual means of all levels are plausible") {
  // ICAO standard atmosphere: hPa, m, K.
  struct Level {
    int level;
    float height, temperature;
  };
  for (const auto& [level, height, temperature] :
       {Level{1000, 110.9F, 287.4F}, Level{925, 761.6F, 283.2F}, Level{850, 1457.3F, 278.7F},
        Level{500, 5574.4F, 252.0F}, Level{250, 10363.0F, 220.8F}, Level{100, 16179.7F, 216.6F},
        Level{50, 20576.3F, 217.2F}, Level{10, 31054.7F, 227.7F}, Level{1, 47820.F, 270.7F}}) {
    const std::string at = " " + std::to_string(level);
    CHECK_NOTHROW(require_plausible_means(filled(("temperature" + at).c_str(), temperature)));
    CHECK_NOTHROW(require_plausible_means(filled(("geopotential_height" + at).c_str(), height)));
    CHECK_NOTHROW(
        require_plausible_means(filled(("geopotential" + at).c_str(), 9.80665F * height)));
  }
  CHECK_NOTHROW(require_plausible_means(filled("geopotential_at_surface", 2300)));
}

TEST_CASE("the mean weighs rows by their area and leaves out missing points") {
  Fields fields = filled("2m_temperature", 155);
  for (const std::size_t row : {0, 8})  // nearly no area
    for (std::size_t column = 0; column < 18; ++column) fields.values[row * 18 + column] = 20;
  CHECK(contains(error_of([&] { require_plausible_means(fields); }), "is 146.9 K"));
  for (float& value : fields.values)
    if (value == 20) value = std::numeric_limits<float>::quiet_NaN();
  CHECK_NOTHROW(require_plausible_means(fields));
  CHECK_NOTHROW(require_plausible_means(
      filled("sea_surface_temperature", std::numeric_limits<float>::quiet_NaN())));
}

TEST_CASE("maps of a region and statistics of an ensemble are not judged") {
  CHECK_NOTHROW(
      require_plausible_means(filled("2m_temperature", 14, {0, 5, 10, 15, 20, 25, 30, 35})));
  CHECK_NOTHROW(require_plausible_means(filled("2m_temperature, standard deviation", 1.5F)));
  CHECK_NOTHROW(require_plausible_means(filled("2m_temperature, above 303.15", 0.1F)));
  CHECK(error_of_mean("2m_temperature, mean", 14) != "");
}
