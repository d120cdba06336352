#include "nodes/output/grib_encoder.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "nodes/output/grib_grid.h"
#include "nodes/values/variables.h"
#include "tests/nodes/error_message.h"

using namespace ladcast;

namespace {

constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();

const Grid kGrid{{-88.5, 0, 88.5}, {0, 90, 180, 270}};
const Channel kTemperature{"2m_temperature", {}, "K"};
const Channel kGeopotential{"geopotential", 500, "m2 s-2"};
const Channel kPrecipitation{"total_precipitation_6hr", {}, "m"};
const std::vector<float> kMap = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};

Channel with(Channel channel, Statistic::Kind kind, double value = 0) {
  channel.statistic = Statistic{kind, value};
  if (kind == Statistic::Kind::above || kind == Statistic::Kind::below) channel.units = "1";
  return channel;
}

GribLabel label(const Channel& channel, int member = 3, int lead_hours = 12) {
  return {channel, parse_time("2002-01-11T06"), lead_hours, member};
}

GribHandle encoded(const GribLabel& label, const std::vector<float>& map = kMap) {
  GribEncoder encoder({.members = 50}, kGrid);
  return GribHandle::from_bytes(encoder.encode(label, map));
}

}  // namespace

TEST_CASE("a member is labelled as AIFS-ENS is, with our class and experiment") {
  const GribHandle message = encoded(label(kGeopotential));
  CHECK(message.whole("productDefinitionTemplateNumber") == 1);
  CHECK(message.whole("paramId") == 129);
  CHECK(message.text("typeOfLevel") == "isobaricInhPa");
  CHECK(message.whole("level") == 500);
  CHECK(message.whole("marsClass") == 45);
  CHECK(message.text("expver") == "lad1");
  CHECK(message.text("type") == "pf");
  CHECK(message.text("stream") == "enfo");
  CHECK(message.text("centre") == "ecmf");
  CHECK(message.whole("number") == 3);
  CHECK(message.whole("numberOfForecastsInEnsemble") == 50);
  CHECK(message.whole("typeOfEnsembleForecast") == 6);
  CHECK(message.whole("typeOfGeneratingProcess") == 4);
  CHECK(message.whole("generatingProcessIdentifier") == 255);
  CHECK(message.whole("tablesVersion") == 28);
  CHECK(message.whole("localTablesVersion") == 0);
  CHECK(message.whole("dataDate") == 20020111);
  CHECK(message.whole("dataTime") == 600);
  CHECK(message.text("stepRange") == "12");
  CHECK(message.text("packingType") == "grid_ccsds");
  CHECK(message.whole("bitsPerValue") == 16);
  CHECK(message.whole("bitmapPresent") == 0);
}

TEST_CASE("all surface variables keep their parameters") {
  const std::vector<std::pair<const char*, long>> known = {
      {"10m_u_component_of_wind", 165}, {"10m_v_component_of_wind", 166},
      {"2m_temperature", 167},          {"mean_sea_level_pressure", 151},
      {"sea_surface_temperature", 34},  {"surface_pressure", 134},
      {"land_sea_mask", 172},           {"standard_deviation_of_orography", 160}};
  for (const auto& [name, param_id] : known) {
    CAPTURE(name);
    const Channel channel{name, {}, std::string(find_variable(name)->units)};
    require_grib_channel(channel);
    CHECK(encoded(label(channel)).whole("paramId") == param_id);
  }
  const GribHandle surface = encoded(label({"geopotential_at_surface", {}, "m2 s-2"}));
  CHECK(surface.whole("paramId") == 129);
  CHECK(surface.text("typeOfLevel") == "surface");
}

TEST_CASE("precipitation is a sum over its hours in kg m-2") {
  const GribHandle message = encoded(label(kPrecipitation), std::vector<float>(12, 0.002F));
  CHECK(message.whole("productDefinitionTemplateNumber") == 11);
  CHECK(message.whole("paramId") == 228228);
  CHECK(message.text("stepRange") == "6-12");
  CHECK(message.text("stepType") == "accum");
  CHECK(message.text("units") == "kg m**-2");
  CHECK(message.values()[0] == doctest::Approx(2));
}

TEST_CASE("mean and standard deviation say so") {
  using enum Statistic::Kind;
  const GribHandle average = encoded(label(with(kTemperature, mean), 0));
  CHECK(average.whole("productDefinitionTemplateNumber") == 2);
  CHECK(average.text("type") == "em");
  CHECK(average.whole("derivedForecast") == 0);
  CHECK(average.whole("numberOfForecastsInEnsemble") == 50);
  const GribHandle deviation = encoded(label(with(kPrecipitation, standard_deviation), 0));
  CHECK(deviation.whole("productDefinitionTemplateNumber") == 12);
  CHECK(deviation.text("type") == "es");
  CHECK(deviation.whole("derivedForecast") == 4);
}

TEST_CASE("a percentile has its number") {
  const Channel p90 = with(kTemperature, Statistic::Kind::percentile, 90);
  const GribHandle message = encoded(label(p90, 0));
  CHECK(message.whole("productDefinitionTemplateNumber") == 6);
  CHECK(message.whole("percentileValue") == 90);
  CHECK(message.text("type") == "pb");
  const Channel wet = with(kPrecipitation, Statistic::Kind::percentile, 50);
  CHECK(encoded(label(wet, 0)).whole("productDefinitionTemplateNumber") == 10);
  const Channel odd = with(kTemperature, Statistic::Kind::percentile, 2.5);
  CHECK(error_of([&] { require_grib_channel(odd); }) ==
        "2m_temperature, percentile 2.5 is not a whole number, which GRIB2 needs");
}

TEST_CASE("a probability has its threshold and is in percent") {
  const auto limit = [](const GribHandle& message) {
    return static_cast<double>(message.whole("scaledValueOfLowerLimit")) *
           std::pow(10.0, -static_cast<double>(message.whole("scaleFactorOfLowerLimit")));
  };
  const Channel hot = with(kTemperature, Statistic::Kind::above, 303.15);
  const GribHandle above = encoded(label(hot, 0), std::vector<float>(12, 0.25F));
  CHECK(above.whole("productDefinitionTemplateNumber") == 5);
  CHECK(above.whole("probabilityType") == 3);
  CHECK(above.whole("scaledValueOfLowerLimit") == 30315);
  CHECK(limit(above) == doctest::Approx(303.15));
  CHECK(above.values()[0] == 25);
  CHECK(above.text("type") == "ep");
  const GribHandle below = encoded(label(with(kGeopotential, Statistic::Kind::below, -5.2e12), 0));
  CHECK(below.whole("probabilityType") == 0);
  CHECK(limit(below) == doctest::Approx(-5.2e12));
  CHECK(below.whole("level") == 500);
  const GribHandle third = encoded(label(with(kTemperature, Statistic::Kind::below, 1.0 / 3), 0));
  CHECK(limit(third) == doctest::Approx(1.0 / 3));
}

TEST_CASE("ecCodes knows precipitation above 1 mm as ECMWF's own product") {
  const GribHandle message = encoded(label(with(kPrecipitation, Statistic::Kind::above, 0.001), 0));
  CHECK(message.whole("productDefinitionTemplateNumber") == 9);
  CHECK(message.text("shortName") == "tpg1");
  CHECK(message.text("units") == "%");
}

TEST_CASE("without an ensemble it is a plain forecast") {
  const GribHandle message = encoded(label(kTemperature, 0));
  CHECK(message.whole("productDefinitionTemplateNumber") == 0);
  CHECK(message.text("type") == "fc");
  CHECK(message.text("stream") == "oper");
}

TEST_CASE("values run from north to south, missing ones by a bitmap") {
  std::vector<float> map = kMap;
  for (std::size_t i = 0; i < 4; ++i) map[i] = kMissing;  // the southern row
  GribHandle message = encoded(label(kTemperature), map);
  CHECK(message.whole("bitmapPresent") == 1);
  CHECK(message.whole("numberOfMissing") == 4);
  message.set("missingValue", 9999.0);
  const auto values = message.values();
  CHECK(values[0] == doctest::Approx(9).epsilon(1e-4));
  CHECK(values[4] == doctest::Approx(5).epsilon(1e-4));
  CHECK(values[8] == 9999.0);
}

TEST_CASE("maps of one value, and maps without any, are written") {
  CHECK(encoded(label(kTemperature), std::vector<float>(12, 280.5F)).values()[5] == 280.5);
  const GribHandle empty = encoded(label(kTemperature), std::vector<float>(12, kMissing));
  CHECK(empty.whole("numberOfMissing") == 12);
}

TEST_CASE("packing may be simple") {
  GribEncoder encoder({.simple_packing = true}, kGrid);
  const auto message = GribHandle::from_bytes(encoder.encode(label(kTemperature), kMap));
  CHECK(message.text("packingType") == "grid_simple");
}

TEST_CASE("a message holds its map within the packing error, and no other") {
  for (const bool simple : {false, true}) {
    GribEncoder encoder({.simple_packing = simple}, kGrid);
    std::vector<float> map = {-1e5F, 3.3F, 1e5F, 7, kMissing, 5, 6, 7, 8, 9, 1e-3F, 0};
    const std::string message(encoder.encode(label(kTemperature), map));
    encoder.require_holds(message, label(kTemperature), map);
    map[2] -= 10;
    CHECK(contains(error_of([&] { encoder.require_holds(message, label(kTemperature), map); }),
                   "2m_temperature reads "));
    map[2] = kMissing;
    CHECK(contains(error_of([&] { encoder.require_holds(message, label(kTemperature), map); }),
                   "2m_temperature reads "));
  }
}

TEST_CASE("what GRIB2 cannot hold is refused by name") {
  CHECK(error_of([&] {
          require_grib_channel({"ozone", {}, "1"});
        }) == "ozone has no GRIB2 parameter that is known");
  CHECK(error_of([&] {
          require_grib_channel({"2m_temperature", {}, "degC"});
        }) == "2m_temperature is in 'degC', not 'K'");
  CHECK(contains(error_of([&] { encoded(label(kPrecipitation, 1, 0)); }),
                 "total_precipitation_6hr at 0 h is a sum that begins before the initial time"));
  std::vector<float> map = kMap;
  map[3] = std::numeric_limits<float>::infinity();
  CHECK(error_of([&] { encoded(label(kTemperature), map); }) ==
        "2m_temperature has values that are infinite");
}

TEST_CASE("the index tells messages apart as ECMWF's open data do") {
  GribEncoder encoder({}, kGrid);
  const auto keys = [&](const GribLabel& label) {
    encoder.encode(label, kMap);
    return encoder.index_keys(label);
  };
  CHECK(keys(label(kGeopotential)) ==
        R"("domain": "g", "date": "20020111", "time": "0600", "expver": "lad1", "class": "ml", )"
        R"("type": "pf", "stream": "enfo", "step": "12", "levtype": "pl", "levelist": "500", )"
        R"("param": "z", "model": "ladcast", "number": "3")");
  CHECK(contains(keys(label(kPrecipitation)), R"("levtype": "sfc", "param": "tp")"));
  const Channel p90 = with(kTemperature, Statistic::Kind::percentile, 90);
  CHECK(contains(keys(label(p90, 0)), R"("type": "pb")"));
  CHECK(contains(keys(label(p90, 0)), R"("quantile": "90:100")"));
  const Channel wet = with(kPrecipitation, Statistic::Kind::above, 0.001);
  CHECK(contains(keys(label(wet, 0)), R"("param": "tpg1")"));
  CHECK(contains(keys(label(wet, 0)), R"("event": "above 0.001")"));
}

TEST_CASE("regular grids and Gaussian ones are described, others refused") {
  const auto grid_of = [](const Grid& grid) {
    GribHandle message = GribHandle::from_sample();
    set_grid(message, grid);
    return message;
  };
  Grid grid{{-87.1875, 0, 87.1875}, {0, 120, 240}};
  const GribHandle regular = grid_of(grid);
  CHECK(regular.text("gridType") == "regular_ll");
  CHECK(regular.number("latitudeOfFirstGridPointInDegrees") == 87.1875);
  CHECK(regular.number("longitudeOfLastGridPointInDegrees") == 240);
  CHECK(regular.number("jDirectionIncrementInDegrees") == 87.1875);

  const auto gaussian = gaussian_latitudes(16);
  const GribHandle t21 = grid_of({{gaussian.rbegin(), gaussian.rend()}, {0, 90, 180, 270}});
  CHECK(t21.text("gridType") == "regular_gg");
  CHECK(t21.whole("N") == 16);
  CHECK(t21.number("latitudeOfFirstGridPointInDegrees") == doctest::Approx(gaussian[0]));

  grid.latitude = {-60, 0, 80};
  CHECK(contains(error_of([&] { grid_of(grid); }),
                 "the grid is neither regular nor Gaussian: latitude 0 is out of place"));
  grid = {{-60, 0, 60}, {0, 90, 270}};
  CHECK(contains(error_of([&] { grid_of(grid); }), "longitude 90 is out of place"));
  grid = {{0}, {0, 180}};
  CHECK(contains(error_of([&] { grid_of(grid); }), "a grid of 1 x 2 points cannot be written"));
}

TEST_CASE("a Gaussian grid is packed and read back") {
  const auto gaussian = gaussian_latitudes(16);
  const Grid grid{{gaussian.rbegin(), gaussian.rend()}, {0, 90, 180, 270}};
  std::vector<float> map(grid.points());
  for (std::size_t i = 0; i < map.size(); ++i) map[i] = std::sin(static_cast<float>(i));
  GribEncoder encoder({}, grid);
  const std::string message(encoder.encode(label(kTemperature), map));
  encoder.require_holds(message, label(kTemperature), map);
}
