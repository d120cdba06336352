#include <doctest/doctest.h>

#include "graph/harness.h"
#include "graph/whole_file.h"
#include "nodes/output/forecast_file.h"
#include "nodes/output/grib_encoder.h"
#include "nodes/values/fields_payload.h"
#include "nodes/values/regrid.h"
#include "nodes/values/variables.h"
#include "tests/nodes/error_message.h"
#include "tests/nodes/ingest/netcdf_writer.h"
#include "tests/temporary_folder.h"

using namespace ladcast;

namespace {

const char* const kExampleInits = R"(inits = ["2002-01-11T00:00:00Z", "2002-01-12T00:00:00Z"])";

Harness reader(const char* type, const char* path) {
  Harness harness(type);
  harness.set("path", path).set("model", "\"small-planet\"");
  return harness;
}

/// A stored forecast of three members, whose values are 100 * member + lead.
std::string store_forecast(const TemporaryFolder& folder, ForecastLayout layout, int member = 0) {
  Fields fields{{{-45, 45}, {0, 180}},
                {{"2m_temperature", {}, "K"}},
                parse_time("2002-01-11"),
                {6, 12},
                {1, 2, 3},
                false,
                {}};
  if (member > 0) fields.members = {member};
  fields.allocate();
  for (std::size_t m = 0; m < fields.members.size(); ++m) {
    for (std::size_t l = 0; l < 2; ++l) {
      for (float& value : fields.map(m, l, 0)) {
        value = static_cast<float>(100 * fields.members[m] + fields.lead_hours[l]);
      }
    }
  }
  const auto path = folder.path() / (member > 0 ? fmt::format("{:03}.nc", member) : "forecast.nc");
  ForecastFile file(path, {layout,
                           fields.grid,
                           fields.channels,
                           fields.init,
                           fields.lead_hours,
                           fields.members,
                           false,
                           {}});
  file.write(fields);
  file.finish();
  return fmt::format("\"{}\"", path.string());
}

std::vector<float> firsts(const std::vector<Fields>& all) {
  std::vector<float> values;
  for (const Fields& fields : all) {
    for (std::size_t m = 0; m < fields.members.size(); ++m)
      values.push_back(fields.map(m, 0, 0)[0]);
  }
  return values;
}

/// A file of one variable, in K or Pa, with `value` at its four points at 2002-01-11T00.
void write_map(const TemporaryFolder& folder, const char* name, const char* variable, double value,
               double north = 45) {
  NetcdfWriter file(folder.path() / name);
  file.dimension("time", 1);
  file.dimension("latitude", 2);
  file.dimension("longitude", 2);
  file.variable("time", NC_INT, {"time"}, {0}, {{"units", "hours since 2002-01-11"}});
  file.variable("latitude", NC_DOUBLE, {"latitude"}, {north, -45}, {{"units", "degrees_north"}});
  file.variable("longitude", NC_DOUBLE, {"longitude"}, {0, 180}, {{"units", "degrees_east"}});
  file.variable(variable, NC_FLOAT, {"time", "latitude", "longitude"},
                std::vector<double>(4, value), {{"units", variable[0] == 'm' ? "Pa" : "K"}});
  file.close();
}

/// A land-sea mask as CDO writes it, without a time and units, and a temperature without a time.
void write_timeless(const std::filesystem::path& path) {
  NetcdfWriter file(path);
  file.dimension("lat", 2);
  file.dimension("lon", 2);
  file.variable("lat", NC_DOUBLE, {"lat"}, {45, -45}, {{"units", "degrees_north"}});
  file.variable("lon", NC_DOUBLE, {"lon"}, {0, 180}, {{"units", "degrees_east"}});
  file.variable("lsm", NC_FLOAT, {"lat", "lon"}, {0, 1, 0.5, 0.25});
  file.variable("t2m", NC_FLOAT, {"lat", "lon"}, {280, 281, 282, 283}, {{"units", "K"}});
  file.close();
}

/// Temperatures near the ground of 15 degrees Celsius, which `units` should say.
void write_celsius(const std::filesystem::path& path, const char* units) {
  NetcdfWriter file(path);
  const std::vector<double> latitude = {-80, -60, -40, -20, 0, 20, 40, 60, 80};
  const std::vector<double> longitude = evenly_around(8);
  file.dimension("time", 1);
  file.dimension("lat", latitude.size());
  file.dimension("lon", longitude.size());
  file.variable("time", NC_INT, {"time"}, {0}, {{"units", "hours since 2002-01-11"}});
  file.variable("lat", NC_DOUBLE, {"lat"}, latitude, {{"units", "degrees_north"}});
  file.variable("lon", NC_DOUBLE, {"lon"}, longitude, {{"units", "degrees_east"}});
  file.variable("t2m", NC_FLOAT, {"time", "lat", "lon"}, std::vector<double>(72, 15),
                {{"units", units}});
  file.close();
}

Harness reader_of(const char* type, const std::filesystem::path& file, const char* channels) {
  Harness harness(type);
  harness.set("path", "\"" + file.string() + "\"").set("channels", channels);
  return harness;
}

}  // namespace

TEST_CASE("netcdf_in sends one analysis for each initial time") {
  const auto analyses = reader("netcdf_in", "\"examples/small_planet/analysis.nc\"")
                            .plan(kExampleInits)
                            .all<Fields>("fields");
  REQUIRE(analyses.size() == 2);
  CHECK(analyses[1].init == parse_time("2002-01-12"));
  CHECK(analyses[1].channels.size() == 16);
  CHECK(analyses[1].members == std::vector{0});
  CHECK(analyses[0].values != analyses[1].values);
}

TEST_CASE("netcdf_in sends the truth of each lead") {
  const auto truth = reader("netcdf_in", "\"examples/small_planet/truth.nc\"")
                         .set("at", "\"lead\"")
                         .set("channels", "[\"geopotential 500\"]")
                         .plan("lead = { step_hours = 6, until_hours = 24 }")
                         .plan(kExampleInits)
                         .all<Fields>("fields");
  REQUIRE(truth.size() == 8);
  CHECK(truth[3].lead_hours == std::vector{24});
  const auto next_day = reader("netcdf_in", "\"examples/small_planet/analysis.nc\"")
                            .set("channels", "[\"geopotential 500\"]")
                            .plan(R"(inits = ["2002-01-12T00:00:00Z"])")
                            .get<Fields>("fields");
  CHECK(truth[3].values == next_day.values);
}

TEST_CASE("a time that is not there stops the run, unless it may be skipped") {
  auto truth = reader("netcdf_in", "\"examples/small_planet/truth.nc\"");
  truth.set("at", "\"lead\"")
      .plan("lead = { step_hours = 6, until_hours = 12 }")
      .plan(R"(inits = ["2002-01-30T12:00:00Z"])");
  CHECK(contains(error_of([&] { truth.all<Fields>("fields"); }),
                 "lie between 2002-01-11T00 and 2002-01-30T18, without this one"));
  const auto skipped = truth.set("missing", "\"skip\"").all<Fields>("fields");
  REQUIRE(skipped.size() == 2);
  CHECK(skipped[0].members.size() == 1);
  CHECK(skipped[1].members.empty());
  const auto derived = truth.set("channels", "[\"geopotential 500\", \"2m_temperature\"]")
                           .set("derive", "[\"2m_temperature from 280\"]")
                           .all<Fields>("fields");
  REQUIRE(derived.size() == 2);
  CHECK(derived[0].map(0, 0, 1)[0] == 280);
  CHECK(derived[1].members.empty());
}

TEST_CASE("grib_in reads the same analysis as netcdf_in") {
  const auto grib = reader("grib_in", "\"examples/small_planet/analysis.grib2\"")
                        .plan(R"(inits = ["2002-01-11T00:00:00Z"])")
                        .get<Fields>("fields");
  CHECK(grib.channels.size() == 16);
  CHECK(grib.map(0, 0, 1)[0] == doctest::Approx(50000).epsilon(0.2));
}

TEST_CASE("a stored forecast is read by batches of members, from one file or from one for each") {
  const TemporaryFolder folder;
  const std::string single = store_forecast(folder, ForecastLayout::single);
  for (const int member : {1, 2, 3}) store_forecast(folder, ForecastLayout::members, member);
  for (const std::string& path :
       {single, fmt::format("\"{}/{{member}}.nc\"", folder.path().string())}) {
    const auto forecast = Harness("netcdf_in")
                              .set("path", path)
                              .set("channels", "[\"2m_temperature\"]")
                              .set("at", "\"lead\"")
                              .set("ensemble", "true")
                              .plan("members = 3\nbatch = 2")
                              .plan("lead = { step_hours = 6, until_hours = 12 }")
                              .plan(R"(inits = ["2002-01-11T00:00:00Z"])")
                              .all<Fields>("fields");
    CHECK(firsts(forecast) == std::vector{106.F, 206.F, 306.F, 112.F, 212.F, 312.F});
  }
  auto one = Harness("netcdf_in");
  one.set("path", single)
      .set("channels", "[\"2m_temperature\"]")
      .set("at", "\"lead\"")
      .plan("lead = { step_hours = 6, until_hours = 12 }")
      .plan(R"(inits = ["2002-01-11T00:00:00Z"])");
  CHECK(contains(error_of([&] { one.all<Fields>("fields"); }),
                 "holds 3 members; set ensemble = true"));
}

TEST_CASE("a reader must be told what to read") {
  auto harness = Harness("netcdf_in");
  harness.set("path", "\"examples/small_planet/truth.nc\"");
  CHECK(contains(error_of([&] { harness.all<Fields>("fields"); }),
                 "neither model nor channels say what to read"));
}

TEST_CASE("several files are read as one") {
  const TemporaryFolder folder;
  for (const int member : {1, 2}) store_forecast(folder, ForecastLayout::members, member);
  const auto write = [&folder](const char* name, const char* variable, double value) {
    write_map(folder, name, variable, value);
  };
  write("era5_instant_a.nc", "t2m", 280);
  write("era5_instant_b.nc", "msl", 101000);
  const auto reader = [&folder](const char* channels) {
    Harness harness("netcdf_in");
    harness.set("path", "\"" + (folder.path() / "era5_*.nc").string() + "\"")
        .set("channels", channels)
        .plan("inits = [\"2002-01-11T00:00:00Z\"]");
    return harness.all<Fields>("fields");
  };
  const auto both = reader("[\"mean_sea_level_pressure\", \"2m_temperature\"]");
  CHECK(both[0].map(0, 0, 0)[0] == 101000);
  CHECK(both[0].map(0, 0, 1)[3] == 280);
  CHECK(contains(error_of([&] { reader("[\"2m_temperature\", \"sea_surface_temperature\"]"); }),
                 "cannot read 1 of 2 channels from 2 files that match"));
  write("era5_instant_c.nc", "t2m", 281);
  CHECK(contains(error_of([&] { reader("[\"2m_temperature\"]"); }), "era5_instant_a.nc and in"));
  const auto all = error_of([&] { reader("[\"2m_temperature\", \"sea_surface_temperature\"]"); });
  CHECK(contains(all, "2m_temperature: it is both in"));
  CHECK(contains(all, "sea_surface_temperature: there is no variable"));
}

TEST_CASE("several files have one grid") {
  const TemporaryFolder folder;
  write_map(folder, "a.nc", "t2m", 280);
  write_map(folder, "b.nc", "msl", 101000, 50);
  Harness harness("netcdf_in");
  harness.set("path", "\"" + (folder.path() / "*.nc").string() + "\"")
      .set("channels", "[\"2m_temperature\", \"mean_sea_level_pressure\"]")
      .plan("inits = [\"2002-01-11T00:00:00Z\"]");
  CHECK(contains(error_of([&] { harness.all<Fields>("fields"); }),
                 (folder.path() / "b.nc").string() + ": the grid has 2 latitudes from -45 to 50"));
}

TEST_CASE(
    "a grid that is not the model's is refused with the cure, as an analysis and as a truth") {
  const TemporaryFolder folder;
  NetcdfWriter file(folder.path() / "other.nc");
  file.dimension("time", 1);
  file.dimension("lat", 2);
  file.dimension("lon", 2);
  file.variable("time", NC_DOUBLE, {"time"}, {6}, {{"units", "hours since 2002-01-11"}});
  file.variable("lat", NC_DOUBLE, {"lat"}, {-45, 45});
  file.variable("lon", NC_DOUBLE, {"lon"}, {0, 180});
  file.variable("2m_temperature", NC_FLOAT, {"time", "lat", "lon"}, {280, 281, 282, 283},
                {{"units", "K"}});
  file.close();
  for (const char* const at : {"init", "lead"}) {
    auto other = reader_of("netcdf_in", folder.path() / "other.nc", "[\"2m_temperature\"]");
    other.set("model", "\"small-planet\"")
        .set("at", fmt::format("\"{}\"", at))
        .plan(fmt::format("inits = [\"2002-01-11T{}\"]\n"
                          "lead = {{ step_hours = 6, until_hours = 6 }}",
                          at == std::string("init") ? "06" : "00"));
    const std::string error = error_of([&] { other.all<Fields>("fields"); });
    CHECK(contains(error, "the grid has 2 latitudes from -45 to 45"));
    CHECK(contains(error, "write grid = \"file\", and send the fields through a node 'regrid'"));
  }
}

TEST_CASE("what is missing at any initial time is known when the nodes are opened") {
  auto open = reader("netcdf_in", "\"examples/small_planet/analysis.nc\"");
  open.plan(R"(inits = ["2002-01-11T00:00:00Z", "1999-01-01T00:00:00Z", "1999-01-02T00:00:00Z"])");
  const std::string error = error_of([&] { open.all<Fields>("fields"); });
  CHECK(contains(error, "failed to open"));
  CHECK(contains(error, "analysis.nc at 1999-01-01T00"));
  CHECK(contains(error, "nor can these initial times be read: 1999-01-02T00"));

  auto grib = reader("grib_in", "\"examples/small_planet/analysis.grib2\"");
  grib.plan(R"(inits = ["1999-01-01T00:00:00Z"])");
  CHECK(contains(error_of([&] { grib.all<Fields>("fields"); }), "failed to open"));
}

TEST_CASE("a reader leaves channels to another") {
  const auto fields = reader("netcdf_in", "\"examples/small_planet/analysis.nc\"")
                          .set("without", "[\"2m_temperature\", \"geopotential 500\"]")
                          .plan(kExampleInits)
                          .get<Fields>("fields");
  CHECK(fields.channels.size() == 14);
  auto wrong = reader("netcdf_in", "\"examples/small_planet/analysis.nc\"");
  wrong.set("without", "[\"skin_temperature\"]").plan(kExampleInits);
  CHECK(contains(error_of([&] { wrong.all<Fields>("fields"); }),
                 "without names 'skin_temperature', which is none of the channels"));
}

TEST_CASE("the last time of a file persists for the hours that are allowed") {
  const TemporaryFolder folder;
  write_map(folder, "sst.nc", "sst", 290);
  const auto at = [&folder](const char* init, int hours) {
    Harness harness("netcdf_in");
    harness.set("path", fmt::format("\"{}/sst.nc\"", folder.path().string()))
        .set("channels", "[\"sea_surface_temperature\"]")
        .set("persist_hours", std::to_string(hours))
        .plan(fmt::format("inits = [\"{}:00:00Z\"]", init));
    return harness.all<Fields>("fields");
  };
  const auto next_day = at("2002-01-12T06", 36);
  CHECK(next_day[0].values == std::vector(4, 290.0F));
  CHECK(next_day[0].init == parse_time("2002-01-12T06"));
  CHECK(next_day[0].lead_hours == std::vector{0});
  CHECK(contains(error_of([&] { at("2002-01-12T06", 24); }),
                 "the last time before 2002-01-12T06 is 2002-01-11T00, 30 h older, and "
                 "persist_hours is 24"));
  CHECK(contains(error_of([&] { at("2002-01-10T00", 24); }), "the only time of 'time' is"));
  CHECK(contains(error_of([&] { at("2002-01-12T06", 0); }), "the only time of 'time' is"));
}

TEST_CASE("numbers that stand for missing values are not taken for values") {
  const TemporaryFolder folder;
  write_map(folder, "sst.nc", "sst", -9999);
  Harness harness("netcdf_in");
  harness.set("path", fmt::format("\"{}/sst.nc\"", folder.path().string()))
      .set("channels", "[\"sea_surface_temperature\"]")
      .plan("inits = [\"2002-01-11T00:00:00Z\"]");
  CHECK(contains(error_of([&] { harness.all<Fields>("fields"); }),
                 "sea_surface_temperature is -9999 at 4 of 4 points"));
}

TEST_CASE("a static field needs no time, any other does") {
  const TemporaryFolder folder;
  const auto file = folder.path() / "static.nc";
  write_timeless(file);
  for (const char* at : {"\"init\"", "\"lead\""}) {
    const auto masks = reader_of("netcdf_in", file, "[\"land_sea_mask\"]")
                           .set("at", at)
                           .set("missing", "\"skip\"")
                           .plan("lead = { step_hours = 6, until_hours = 12 }")
                           .plan(kExampleInits)
                           .all<Fields>("fields");
    REQUIRE(masks.size() == (at == std::string("\"init\"") ? 2 : 4));
    for (const Fields& mask : masks) CHECK(mask.values == std::vector{0.5F, 0.25F, 0.0F, 1.0F});
  }
  auto both = reader_of("netcdf_in", file, "[\"land_sea_mask\", \"2m_temperature\"]");
  both.plan(kExampleInits);
  const std::string error = error_of([&] { both.all<Fields>("fields"); });
  CHECK(contains(error, "cannot read 1 of 2 channels from " + file.string()));
  CHECK(contains(error, "2m_temperature: there is no time"));
}

TEST_CASE("a static field is read at another time where its own is not there") {
  const TemporaryFolder folder;
  GribEncoder encoder({}, {{-45, 45}, {0, 180}});
  const auto message = [&](const char* channel, const char* time, std::vector<float> map) {
    return std::string(encoder.encode({parse_channel(channel), parse_time(time)}, map));
  };
  const std::string first = message("land_sea_mask", "1979-01-01", {0, 0, 0, 1});
  const std::string second = message("land_sea_mask", "2002-01-11", {0, 0, 1, 1});
  const std::string other = message("2m_temperature", "2002-01-11", {280, 280, 281, 281});
  const auto file = folder.path() / "static.grib2";
  const auto masks = [&](const std::string& bytes) {
    write_whole_file(file, {bytes});
    return reader_of("grib_in", file, "[\"land_sea_mask\"]")
        .plan(kExampleInits)
        .all<Fields>("fields");
  };
  const auto from_one = masks(first + other);
  REQUIRE(from_one.size() == 2);
  CHECK(from_one[1].values == std::vector{0.0F, 0.0F, 0.0F, 1.0F});
  for (const std::string& bytes : {first + second, second + first})
    CHECK(masks(bytes)[0].values == std::vector{0.0F, 0.0F, 1.0F, 1.0F});
  CHECK(contains(error_of([&] { masks(second + second); }), "two messages hold land_sea_mask"));

  NetcdfWriter dated(folder.path() / "dated.nc");
  dated.dimension("valid_time", 1);
  dated.dimension("lat", 2);
  dated.dimension("lon", 2);
  dated.variable("valid_time", NC_INT, {"valid_time"}, {0}, {{"units", "hours since 1979-01-01"}});
  dated.variable("lat", NC_DOUBLE, {"lat"}, {-45, 45}, {{"units", "degrees_north"}});
  dated.variable("lon", NC_DOUBLE, {"lon"}, {0, 180}, {{"units", "degrees_east"}});
  dated.variable("lsm", NC_FLOAT, {"valid_time", "lat", "lon"}, {0, 0, 0, 1},
                 {{"units", "(0 - 1)"}});
  dated.close();
  CHECK(reader_of("netcdf_in", folder.path() / "dated.nc", "[\"land_sea_mask\"]")
            .plan(kExampleInits)
            .get<Fields>("fields")
            .values == from_one[1].values);
}

TEST_CASE("temperatures in degrees Celsius that say K are refused, and read where they say so") {
  const TemporaryFolder folder;
  const auto file = folder.path() / "truth.nc";
  const auto read = [&](const char* units) {
    write_celsius(file, units);
    return reader_of("netcdf_in", file, "[\"2m_temperature\"]")
        .plan(R"(inits = ["2002-01-11T00:00:00Z"])")
        .get<Fields>("fields");
  };
  CHECK(read("degC").values == std::vector(72, 288.15F));
  CHECK(
      contains(error_of([&] { read("K"); }),
               file.string() + ": the mean of 2m_temperature over the globe is 15 K, and can be"));
}
