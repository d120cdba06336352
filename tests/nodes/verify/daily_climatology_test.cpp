#include "nodes/verify/daily_climatology.h"

#include <doctest/doctest.h>

#include <cstring>

#include "graph/harness.h"
#include "nodes/values/fields_payload.h"
#include "tests/nodes/error_message.h"
#include "tests/nodes/ingest/netcdf_writer.h"
#include "tests/temporary_folder.h"

using namespace ladcast;

namespace {

const std::vector<Channel> kChannels = {{"2m_temperature", {}, "K"}};

/// 100 * day of the year + hour at 0 E, and a million more at 180 E.
std::vector<double> values_of(const std::vector<double>& hours, int days) {
  std::vector<double> values;
  for (const double hour : hours)
    for (int day = 1; day <= days; ++day)
      for (const double east : {0, 1}) values.push_back(1e6 * east + 100 * day + hour);
  return values;
}

std::filesystem::path write_netcdf(const TemporaryFolder& folder, const std::vector<double>& hours,
                                   int days) {
  const auto path = folder.path() / "climatology.nc";
  NetcdfWriter file(path);
  file.dimension("hour", hours.size());
  file.dimension("dayofyear", static_cast<std::size_t>(days));
  file.dimension("lat", 1);
  file.dimension("lon", 2);
  std::vector<double> numbers;
  for (int day = 1; day <= days; ++day) numbers.push_back(day);
  file.variable("hour", NC_INT64, {"hour"}, hours);
  file.variable("dayofyear", NC_INT64, {"dayofyear"}, numbers);
  file.variable("lat", NC_DOUBLE, {"lat"}, {0});
  file.variable("lon", NC_DOUBLE, {"lon"}, {0, 180});
  file.variable("2m_temperature", NC_DOUBLE, {"hour", "dayofyear", "lat", "lon"},
                values_of(hours, days), {{"units", "K"}});
  file.close();
  return path;
}

/// An array of a Zarr store of version 2 in one chunk, as WeatherBench 2 has its axes.
void write_array(const TemporaryFolder& folder, const std::string& name, const std::string& shape,
                 const std::string& dimensions, const std::vector<double>& values,
                 const std::string& attributes = "") {
  const std::string array = "climatology.zarr/" + name + "/";
  folder.write(array + ".zarray",
               R"({"zarr_format": 2, "shape": )" + shape + R"(, "chunks": )" + shape +
                   R"(, "dtype": "<f8", "compressor": null, "fill_value": "NaN", "order": "C", )" +
                   R"("filters": null})");
  folder.write(array + ".zattrs", R"({"_ARRAY_DIMENSIONS": )" + dimensions + attributes + "}");
  std::string bytes(values.size() * sizeof(double), '\0');
  std::memcpy(bytes.data(), values.data(), bytes.size());
  const std::size_t axes =
      static_cast<std::size_t>(std::count(shape.begin(), shape.end(), ',')) + 1;
  std::string chunk = "0";
  for (std::size_t i = 1; i < axes; ++i) chunk += ".0";
  folder.write(array + chunk, bytes);
}

Harness climatology(const std::filesystem::path& path, const std::string& inits) {
  Harness harness("climatology");
  harness.plan("inits = " + inits + "\nlead = { step_hours = 6, until_hours = 12 }")
      .set("path", '"' + path.string() + '"')
      .set("channels", R"(["2m_temperature"])");
  return harness;
}

}  // namespace

// Initial times and what the reference's evaluation picks for them (parity/evaluation,
// climatology.json): day of the year times 100 plus hour.
TEST_CASE("a valid time has the climatology of its hour and its day of the year") {
  const TemporaryFolder folder;
  const DailyClimatology climatology(write_netcdf(folder, {0, 6, 12, 18}, 366), kChannels, {});
  struct Case {
    const char* start;
    std::vector<float> picked;  // 6, 12, … h later
  };
  const std::vector<Case> cases = {
      {"2018-01-01T00", {106, 112, 118, 200}},
      {"2020-02-28T18", {6000, 6006, 6012, 6018, 6100, 6106, 6112, 6118}},
      {"2019-02-28T12", {5918, 6000, 6006, 6012, 6018}},
      {"2018-12-30T06", {36412, 36418, 36500, 36506, 36512, 36518, 100, 106, 112, 118, 200, 206}},
      {"2020-12-31T12", {36618, 100}}};
  for (const auto& [start, picked] : cases) {
    CAPTURE(start);
    for (std::size_t i = 0; i < picked.size(); ++i) {
      const int lead = 6 * (static_cast<int>(i) + 1);
      const Fields fields = climatology.at(parse_time(start), lead);
      CHECK(fields.values == std::vector{picked[i], 1e6F + picked[i]});
      CHECK(fields.lead_hours == std::vector{lead});
      CHECK(fields.init == parse_time(start));
    }
  }
}

TEST_CASE("climatology reads NetCDF files and Zarr stores by hour and day of the year") {
  const TemporaryFolder folder;
  const std::string inits = R"(["2020-02-29T18"])";
  const auto netcdf = climatology(write_netcdf(folder, {0, 6}, 366), inits).all<Fields>("fields");
  REQUIRE(netcdf.size() == 2);
  CHECK(netcdf[0].values == std::vector<float>{6100, 1006100});
  CHECK(netcdf[1].values == std::vector<float>{6106, 1006106});

  std::vector<double> days, values = values_of({0, 6}, 366), turned(values.size());
  for (int day = 1; day <= 366; ++day) days.push_back(day);
  folder.write("climatology.zarr/.zgroup", R"({"zarr_format": 2})");
  write_array(folder, "hour", "[2]", R"(["hour"])", {0, 6});
  write_array(folder, "dayofyear", "[366]", R"(["dayofyear"])", days);
  write_array(folder, "latitude", "[1]", R"(["latitude"])", {0});
  write_array(folder, "longitude", "[2]", R"(["longitude"])", {0, 180});
  for (std::size_t time = 0; time < turned.size() / 2; ++time)  // longitude first
    for (const std::size_t east : {0U, 1U})
      turned[east * turned.size() / 2 + time] = values[2 * time + east];
  write_array(folder, "2m_temperature", "[2, 2, 366, 1]",
              R"(["longitude", "hour", "dayofyear", "latitude"])", turned, R"(, "units": "K")");
  const auto zarr = climatology(folder.path() / "climatology.zarr", inits).all<Fields>("fields");
  REQUIRE(zarr.size() == 2);
  CHECK(zarr[0].values == netcdf[0].values);
  CHECK(zarr[1].values == netcdf[1].values);
}

TEST_CASE("hours and days that a climatology lacks are told before the run, all at once") {
  const TemporaryFolder folder;
  const auto error_for = [&](const std::vector<double>& hours, int days, const char* inits) {
    auto harness = climatology(write_netcdf(folder, hours, days), inits);
    return error_of([&] { harness.all<Fields>("fields"); });
  };
  const auto hours = error_for({0, 12}, 366, R"(["2020-01-01T00", "2020-01-01T12"])");
  CHECK(contains(hours,
                 "climatology.nc has the hours 00, 12 UTC, and the run is valid at 06:00, "
                 "18:00 too"));
  CHECK(
      contains(error_for({0, 6, 12, 18}, 365, R"(["2020-12-31"])"), "has no day 366 of the year"));
  CHECK(error_for({0, 6, 12, 18}, 365, R"(["2020-12-30"])").empty());
}

TEST_CASE("what is no climatology by hour and day of the year is refused") {
  const TemporaryFolder folder;
  const auto of_terms = error_of(
      [] { DailyClimatology("pipelines/models/small-planet/climatology.nc", kChannels, {}); });
  CHECK(contains(of_terms, "climatology.nc has no axis 'hour'"));
  const auto path = write_netcdf(folder, {0}, 366);
  const std::vector<Channel> more = {kChannels[0], {"sea_surface_temperature", {}, "K"}};
  CHECK(
      contains(error_of([&] { DailyClimatology(path, more, {}); }), "cannot read 1 of 2 channels"));
  CHECK(contains(error_of([&] { DailyClimatology(path, kChannels, Grid{{0}, {0, 90}}); }), "180"));
  Harness harness("climatology");
  harness.set("channels", R"(["2m_temperature"])");
  CHECK(contains(error_of([&] { harness.all<Fields>("fields"); }), "no path to be read from"));
  CHECK(contains(error_of([] { Harness("climatology").all<Fields>("fields"); }),
                 "neither model nor channels say what to read"));
}

TEST_CASE("the mean over the year is that of all hours and days") {
  const TemporaryFolder folder;
  const DailyClimatology climatology(write_netcdf(folder, {0, 12}, 3), kChannels, {});
  CHECK(climatology.mean().values == std::vector<float>{206, 1000206});
  CHECK_FALSE(climatology.analyses());
}
