#include "nodes/ingest/derive.h"

#include <doctest/doctest.h>

#include <cmath>

#include "nodes/ingest/grib_fields.h"
#include "nodes/ingest/netcdf_file.h"
#include "tests/nodes/error_message.h"

using namespace ladcast;

namespace {

const Time kInit = parse_time("2002-01-11");

/// A file of one point that holds everything: the value of a channel is its row in `values`.
struct File {
  std::vector<std::pair<Channel, float>> values;
  std::vector<std::pair<int, std::vector<Channel>>> asked = {};  // hours, channels

  Fields read(const FieldsRequest& request) {
    asked.emplace_back(request.lead_hours, request.channels);
    Fields fields{{{0}, {0}}, request.channels, request.init, {request.lead_hours}, {0}, false, {}};
    for (const Channel& channel : request.channels)
      for (const auto& [known, value] : values)
        if (known == channel)
          fields.values.push_back(value + static_cast<float>(request.lead_hours) / 100);
    return fields;
  }

  Fields derive(const std::vector<Channel>& channels, const std::vector<std::string>& texts,
                int lead_hours = 0) {
    std::vector<Recipe> recipes;
    for (const std::string& text : texts) recipes.push_back(parse_recipe(text));
    return read_and_derive({channels, kInit, lead_hours, {}, {}}, recipes,
                           [this](const FieldsRequest& request) { return read(request); });
  }
};

Channel temperature(int level) { return {"temperature", level, "K"}; }
Channel humidity(int level) { return {"specific_humidity", level, "kg kg-1"}; }

}  // namespace

TEST_CASE("humidity follows from relative humidity as in the IFS") {
  File file{{{temperature(850), 288.15F},
             {temperature(300), 230.0F},
             {{"relative_humidity", 850, "%"}, 100.0F},
             {{"relative_humidity", 300, "%"}, 50.0F}}};
  const Fields fields = file.derive({humidity(850), humidity(300), temperature(850)},
                                    {"specific_humidity from relative_humidity"});
  CHECK(file.asked.size() == 1);
  CHECK(file.asked[0].second.size() == 4);  // each temperature once
  // 611.21 exp(17.502 14.99 / 255.96) = 1703.5 Pa; over ice at 230 K 8.929 Pa.
  CHECK(fields.values[0] ==
        doctest::Approx(0.62198 * 1703.5 / (85000 - 0.37802 * 1703.5)).epsilon(1e-4));
  CHECK(fields.values[1] == doctest::Approx(0.62198 * 8.929 / 2 / 30000).epsilon(1e-3));
  CHECK(fields.values[2] == 288.15F);
}

TEST_CASE("humidity follows from the dew point, over water also below freezing") {
  File file{{{{"dew_point_temperature", 850, "K"}, 288.15F},
             {{"dew_point_temperature", 300, "K"}, 240.0F}}};
  const Fields fields =
      file.derive({humidity(850), humidity(300)}, {"specific_humidity from dew_point_temperature"});
  // 611.21 exp(17.502 14.99 / 255.96) = 1703.5 Pa, 611.21 exp(-17.502 33.16 / 207.81) = 37.43 Pa.
  CHECK(fields.values[0] ==
        doctest::Approx(0.62198 * 1703.5 / (85000 - 0.37802 * 1703.5)).epsilon(1e-4));
  CHECK(fields.values[1] ==
        doctest::Approx(0.62198 * 37.43 / (30000 - 0.37802 * 37.43)).epsilon(1e-3));
}

TEST_CASE("rising air has a negative pressure velocity") {
  File file{{{temperature(500), 250.0F}, {{"geometric_vertical_velocity", 500, "m s-1"}, 0.1F}}};
  const Fields fields = file.derive({{"vertical_velocity", 500, "Pa s-1"}},
                                    {"vertical_velocity from geometric_vertical_velocity"});
  CHECK(fields.values[0] == doctest::Approx(-0.1 * 50000 * 9.80665 / (287.06 * 250)).epsilon(1e-4));
}

TEST_CASE(
    "the sea has its skin's temperature, but is not colder than freezing, and land has none") {
  const Channel skin{"skin_temperature", {}, "K"}, land{"land_sea_mask", {}, "1"};
  const Channel sea{"sea_surface_temperature", {}, "K"};
  const auto value = [&](float kelvin, float mask) {
    return File{{{skin, kelvin}, {land, mask}}}
        .derive({sea}, {"sea_surface_temperature from skin_temperature"})
        .values[0];
  };
  CHECK(value(290.0F, 0.0F) == 290.0F);
  CHECK(value(240.0F, 0.2F) == 271.35F);
  CHECK(std::isnan(value(290.0F, 1.0F)));
}

TEST_CASE("six hourly sums, or the growth of a sum since the start, make precipitation") {
  const Channel six{"total_precipitation_6hr", {}, "m"};
  File hourly{{{{"total_precipitation", {}, "m"}, 1.0F}}};
  const Fields sum = hourly.derive({six}, {"total_precipitation_6hr from hourly sums"}, 12);
  CHECK(hourly.asked.size() == 6);
  CHECK(sum.values[0] == doctest::Approx(6 + (7 + 8 + 9 + 10 + 11 + 12) / 100.0));
  CHECK(sum.lead_hours == std::vector{12});
  File growing{{{{"total_precipitation_since_start", {}, "m"}, 2.0F}}};
  const Fields growth =
      growing.derive({six}, {"total_precipitation_6hr from sums since the start"}, 12);
  CHECK(growth.values[0] == doctest::Approx(0.06));
}

TEST_CASE("a number stands for a channel, on one level or on all") {
  File file{{{temperature(50), 210.0F}}};
  const Channel low{"vertical_velocity", 850, "Pa s-1"}, high{"vertical_velocity", 50, "Pa s-1"};
  CHECK(file.derive({high, temperature(50)}, {"vertical_velocity 50 from -0.5"}).values ==
        std::vector{-0.5F, 210.0F});
  CHECK(file.derive({high, low, temperature(50)}, {"vertical_velocity from 0"}).values ==
        std::vector{0.0F, 0.0F, 210.0F});
  CHECK(error_of([&] { file.derive({high}, {"vertical_velocity from 0"}); }) ==
        "all channels come from numbers, so that nothing is read");
}

TEST_CASE("unknown ways are refused with those that are known") {
  const std::string message = error_of([] { parse_recipe("specific_humidity from dew_point"); });
  CHECK(contains(message, "'specific_humidity from dew_point' is no way to derive a channel"));
  CHECK(contains(message, "\n  total_precipitation_6hr from hourly sums"));
  CHECK(contains(message, "\n  CHANNEL from NUMBER"));
  CHECK(error_of([] { parse_recipe("vorticity from 0"); }) ==
        "'vorticity' is not a known variable");
  CHECK(contains(error_of([] { parse_recipe("temperature from 1e999"); }), "is no way"));
  CHECK(contains(error_of([] { parse_recipe(std::string(100'000, 'a')); }), "is no way"));
}
