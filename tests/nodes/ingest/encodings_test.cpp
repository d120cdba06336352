// One set of fields in the four encodings in which analyses come.
#include <doctest/doctest.h>
#include <eccodes.h>

#include <cmath>

#include "graph/whole_file.h"
#include "nodes/ingest/cf_fields.h"
#include "nodes/ingest/grib_fields.h"
#include "nodes/ingest/netcdf_file.h"
#include "nodes/ingest/zarr_file.h"
#include "nodes/output/zarr_store.h"
#include "nodes/values/variables.h"
#include "tests/nodes/error_message.h"
#include "tests/nodes/ingest/netcdf_writer.h"
#include "tests/temporary_folder.h"

using namespace ladcast;

namespace {

const Time kTime = parse_time("2020-01-01T12");
constexpr int kRows = 13, kColumns = 24;  // 15 degrees, with both poles

Fields made() {
  Fields fields{{}, {}, kTime, {0}, {0}, false, {}};
  for (const char* name : {"geopotential 500", "temperature 500", "temperature 850",
                           "specific_humidity 850", "10m_u_component_of_wind", "2m_temperature",
                           "mean_sea_level_pressure", "sea_surface_temperature"})
    fields.channels.push_back(parse_channel(name));
  for (int i = 0; i < kRows; ++i) fields.grid.latitude.push_back(-90 + 15 * i);
  for (int i = 0; i < kColumns; ++i) fields.grid.longitude.push_back(15 * i);
  fields.allocate();
  const std::vector<double> size = {5e4, 250, 280, 0.01, 10, 288, 1e5, 290};
  for (std::size_t c = 0; c < size.size(); ++c)
    for (std::size_t p = 0; p < fields.grid.points(); ++p)
      fields.map(0, 0, c)[p] =
          static_cast<float>(size[c] * (1 + 0.1 * std::sin(0.1 * static_cast<double>(p + 7 * c))));
  for (std::size_t p = 0; p < fields.grid.points(); p += 3)
    fields.map(0, 0, 7)[p] = std::nanf("");  // land
  return fields;
}

/// From north to south, as all these files have it.
std::vector<double> southward(const Fields& fields, std::size_t channel) {
  std::vector<double> values;
  const auto map = fields.map(0, 0, channel);
  for (int row = kRows - 1; row >= 0; --row)
    for (int column = 0; column < kColumns; ++column)
      values.push_back(static_cast<double>(map[static_cast<std::size_t>(row * kColumns + column)]));
  return values;
}

/// As the Climate Data Store packs GRIB.
std::filesystem::path write_grib(const TemporaryFolder& folder, const Fields& fields,
                                 long edition) {
  std::string file;
  for (std::size_t c = 0; c < fields.channels.size(); ++c) {
    const Channel& channel = fields.channels[c];
    const Variable& variable = *find_variable(channel.name);
    codes_handle* handle = codes_grib_handle_new_from_samples(
        nullptr, edition == 1 ? "regular_ll_pl_grib1" : "regular_ll_pl_grib2");
    REQUIRE(handle);
    const auto set = [&](const char* key, long value) {
      CHECK_MESSAGE(codes_set_long(handle, key, value) == CODES_SUCCESS, key);
    };
    set("Ni", kColumns);
    set("Nj", kRows);
    const long unit = edition == 1 ? 1000 : 1000000;
    set("latitudeOfFirstGridPoint", 90 * unit);
    set("latitudeOfLastGridPoint", -90 * unit);
    set("longitudeOfFirstGridPoint", 0);
    set("longitudeOfLastGridPoint", 345 * unit);
    set("iDirectionIncrement", 15 * unit);
    set("jDirectionIncrement", 15 * unit);
    set("dataDate", 20200101);
    set("dataTime", 1200);
    if (edition == 1) set("table2Version", 128);
    set("paramId", variable.param_id);
    if (channel.level) set("level", *channel.level);
    std::vector<double> values = southward(fields, c);
    for (double& value : values)
      if (std::isnan(value)) value = 9999;
    set("bitmapPresent", 1);
    set("bitsPerValue", 16);
    codes_set_double(handle, "missingValue", 9999);
    REQUIRE(codes_set_double_array(handle, "values", values.data(), values.size()) ==
            CODES_SUCCESS);
    const void* bytes = nullptr;
    std::size_t size = 0;
    codes_get_message(handle, &bytes, &size);
    file.append(static_cast<const char*>(bytes), size);
    codes_handle_delete(handle);
  }
  return folder.write(fmt::format("era5.grib{}", edition), file);
}

/// As the Climate Data Store writes NetCDF: valid_time, pressure_level, float32, north to south.
std::filesystem::path write_netcdf(const TemporaryFolder& folder, const Fields& fields) {
  const auto path = folder.path() / "era5.nc";
  NetcdfWriter file(path);
  file.dimension("valid_time", 1);
  file.dimension("pressure_level", 2);
  file.dimension("latitude", kRows);
  file.dimension("longitude", kColumns);
  file.variable("valid_time", NC_INT64, {"valid_time"},
                {static_cast<double>(kTime.time_since_epoch().count())},
                {{"units", "seconds since 1970-01-01"}, {"standard_name", "time"}});
  file.variable("pressure_level", NC_DOUBLE, {"pressure_level"}, {850, 500}, {{"units", "hPa"}});
  std::vector<double> north(fields.grid.latitude.rbegin(), fields.grid.latitude.rend());
  file.variable("latitude", NC_DOUBLE, {"latitude"}, north, {{"units", "degrees_north"}});
  file.variable("longitude", NC_DOUBLE, {"longitude"}, fields.grid.longitude,
                {{"units", "degrees_east"}});
  std::map<std::string, std::vector<double>> upper;
  for (std::size_t c = 0; c < fields.channels.size(); ++c) {
    const Channel& channel = fields.channels[c];
    const std::string name(find_variable(channel.name)->netcdf_name);
    const std::vector<double> map = southward(fields, c);
    if (!channel.level) {
      file.variable(name, NC_FLOAT, {"valid_time", "latitude", "longitude"}, map,
                    {{"units", channel.units}});
      continue;
    }
    auto& levels = upper[name];
    levels.resize(2 * map.size(), NAN);
    std::copy(
        map.begin(), map.end(),
        levels.begin() + (*channel.level == 850 ? 0 : static_cast<std::ptrdiff_t>(map.size())));
  }
  for (const auto& [name, levels] : upper)
    file.variable(name, NC_FLOAT, {"valid_time", "pressure_level", "latitude", "longitude"}, levels,
                  {{"units", name == "z"   ? "m**2 s**-2"
                             : name == "t" ? "K"
                                           : "kg kg**-1"}});
  file.close();
  return path;
}

std::filesystem::path write_zarr(const TemporaryFolder& folder, const Fields& fields) {
  const auto path = folder.path() / "era5.zarr";
  ZarrStoreSpec spec;
  spec.grid = fields.grid;
  spec.channels = fields.channels;
  spec.inits = {kTime};
  spec.members = {0};
  ZarrStore(path, spec).write(fields);
  return path;
}

/// The largest difference, as a share of each channel's range.
double difference(const Fields& a, const Fields& b) {
  REQUIRE(a.grid == b.grid);
  REQUIRE(a.channels == b.channels);
  REQUIRE(a.values.size() == b.values.size());
  double largest = 0;
  for (std::size_t c = 0; c < a.channels.size(); ++c) {
    const auto x = a.map(0, 0, c), y = b.map(0, 0, c);
    float least = 1e30F, most = -1e30F;
    for (const float value : x) {
      if (std::isnan(value)) continue;
      least = std::min(least, value);
      most = std::max(most, value);
    }
    for (std::size_t p = 0; p < x.size(); ++p) {
      REQUIRE(std::isnan(x[p]) == std::isnan(y[p]));
      if (!std::isnan(x[p]))
        largest = std::max(largest, static_cast<double>(std::abs(x[p] - y[p]) / (most - least)));
    }
  }
  return largest;
}

}  // namespace

TEST_CASE("GRIB1, GRIB2, NetCDF and Zarr give equal fields to packing precision") {
  const TemporaryFolder folder;
  const Fields fields = made();
  const FieldsRequest request{fields.channels, kTime, 0, fields.grid, {}};
  // 16 bits for the range of a map; the reference value is rounded to 24 bits.
  constexpr double kPacking = 1.0 / 65535;
  CHECK(difference(fields, GribFiles(write_grib(folder, fields, 1)).read(request)) < kPacking);
  CHECK(difference(fields, GribFiles(write_grib(folder, fields, 2)).read(request)) < kPacking);
  CHECK(difference(fields, CfFields(open_netcdf(write_netcdf(folder, fields))).read(request)) == 0);
  CHECK(difference(fields, CfFields(open_zarr(write_zarr(folder, fields))).read(request)) == 0);
}
