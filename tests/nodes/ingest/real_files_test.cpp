// Files of public projects, each with something that a reader may get wrong.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "nodes/ingest/cf_fields.h"
#include "nodes/ingest/derive.h"
#include "nodes/ingest/grib_fields.h"
#include "nodes/ingest/netcdf_file.h"
#include "nodes/values/variables.h"
#include "tests/nodes/data_folder.h"
#include "tests/nodes/error_message.h"

using namespace ladcast;

namespace {

FieldsRequest request(const std::vector<std::string>& channels, const std::string& valid) {
  FieldsRequest request;
  for (const std::string& channel : channels) request.channels.push_back(parse_channel(channel));
  request.init = parse_time(valid);
  return request;
}

Fields read_nc(const std::filesystem::path& path, const FieldsRequest& request) {
  return CfFields(open_netcdf(path)).read(request);
}

struct Range {
  double least, most, mean;
};

Range range_of(std::span<const float> map) {
  Range range{1e30, -1e30, 0};
  std::size_t count = 0;
  for (const float value : map) {
    if (std::isnan(value)) continue;
    range.least = std::min(range.least, static_cast<double>(value));
    range.most = std::max(range.most, static_cast<double>(value));
    range.mean += static_cast<double>(value);
    ++count;
  }
  range.mean /= static_cast<double>(count);
  return range;
}

double largest_difference(std::span<const float> a, std::span<const float> b) {
  REQUIRE(a.size() == b.size());
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    CHECK(std::isnan(a[i]) == std::isnan(b[i]));
    if (!std::isnan(a[i])) largest = std::max(largest, std::abs(static_cast<double>(a[i] - b[i])));
  }
  return largest;
}

}  // namespace

TEST_CASE("a GFS state of multi-field messages gives the 84 channels that were derived of it") {
  const auto grib = data_file("pygrib/gfs.grb");
  const auto derived = data_file("derived/gfs_20111008T00_f072_13lev_2.5deg.nc");
  if (!grib || !derived) return;
  const std::vector<std::string> names = {"geopotential 500",        "specific_humidity 850",
                                          "specific_humidity 200",   "temperature 50",
                                          "u_component_of_wind 925", "v_component_of_wind 250",
                                          "vertical_velocity 700",   "10m_u_component_of_wind",
                                          "2m_temperature",          "mean_sea_level_pressure"};
  const std::vector<Recipe> recipes = {parse_recipe("specific_humidity from relative_humidity")};
  const FieldsRequest wanted = request(names, "2011-10-11T00");
  const Fields ours = read_and_derive(
      wanted, recipes, [&](const auto& part) { return GribFiles(*grib).read(part); });
  const Fields theirs = CfFields(open_netcdf(*derived)).read_fixed(wanted.channels, ours.grid);
  for (std::size_t c = 0; c < names.size(); ++c) {
    const Range range = range_of(theirs.map(0, 0, c));
    CHECK_MESSAGE(largest_difference(ours.map(0, 0, c), theirs.map(0, 0, c)) <=
                      2e-5 * std::max(range.most - range.least, std::abs(range.mean)),
                  names[c]);
  }
}

TEST_CASE("precipitation of GFS is the sum over 6 h, not the one since the start") {
  const auto grib = data_file("pygrib/gfs.grb");
  if (!grib) return;
  const Fields six = GribFiles(*grib).read(request({"total_precipitation_6hr"}, "2011-10-11T00"));
  CHECK(range_of(six.map(0, 0, 0)).most < 0.2);  // m
}

TEST_CASE("Gaussian grids, regular and reduced") {
  const auto regular = data_file("cfgrib/regular_gg_sfc.grib");
  const auto reduced = data_file("cfgrib/reduced_gg.grib");
  if (!regular || !reduced) return;
  const FieldsRequest wanted = request({"10m_u_component_of_wind"}, "2017-10-18T12");
  const Fields even = GribFiles(*regular).read(wanted);
  CHECK(even.grid.rows() == 96);
  CHECK(even.grid.columns() == 192);
  CHECK(even.grid.latitude[0] == doctest::Approx(-88.572).epsilon(1e-5));
  const Fields widened = GribFiles(*reduced).read(wanted);
  CHECK(widened.grid == even.grid);
  // The same field, packed otherwise: the longest rows, at the equator, need no change.
  for (std::size_t i = 47 * 192; i < 49 * 192; ++i)
    CHECK(std::abs(widened.values[i] - even.values[i]) < 0.26F);
}

TEST_CASE("levels in Pa and in hPa are told apart") {
  const auto path = data_file("cfgrib/hpa_and_pa.grib");
  if (!path) return;
  CHECK(contains(error_of([&] { GribFiles(*path).read(request({"temperature 1"}, "2000-01-01")); }),
                 "cannot read 1 of 1 channels"));
}

TEST_CASE("scanning modes give one field") {
  const auto plain = data_file("cfgrib/era5-single-level-scalar-time.grib");
  const auto alternate = data_file("cfgrib/alternate-scanning.grib");
  if (!plain || !alternate) return;
  // Rows of alternate direction read as if they ran one way would jump at every row.
  const Fields fields = GribFiles(*alternate).read(request({"2m_temperature"}, "2021-08-01T15"));
  const auto map = fields.map(0, 0, 0);
  const std::size_t columns = fields.grid.columns();
  double jumps = 0;
  for (std::size_t i = columns; i < map.size(); ++i)
    jumps += std::abs(static_cast<double>(map[i] - map[i - columns]));
  CHECK(jumps / static_cast<double>(map.size()) < 1.0);  // K between neighbouring rows
}

TEST_CASE("points that a bitmap leaves out are missing") {
  const auto path = data_file("cfgrib/fields_with_missing_values.grib");
  if (!path) return;
  const Fields fields = GribFiles(*path).read(request({"2m_temperature"}, "2017-10-18T12"));
  const auto missing = std::count_if(fields.values.begin(), fields.values.end(),
                                     [](float value) { return std::isnan(value); });
  CHECK(missing > 0);
  CHECK(range_of(fields.map(0, 0, 0)).least > 200);
}

TEST_CASE("ten members of the ERA5 ensemble") {
  const auto path = data_file("cfgrib/era5-levels-members.grib");
  if (!path) return;
  const Fields fields = GribFiles(*path).read(request({"geopotential 500"}, "2017-01-02T12"));
  CHECK(fields.members.size() == 10);
  CHECK(range_of(fields.map(9, 0, 0)).mean == doctest::Approx(54500).epsilon(0.02));
  REQUIRE(fields.grid.rows() == 61);
  for (std::size_t row = 0; row < 61; ++row)  // as a NetCDF file of the same grid has them
    CHECK(fields.grid.latitude[row] == 3.0 * static_cast<double>(row) - 90.0);
}

TEST_CASE("packed NetCDF with expver-free hourly sums over a region") {
  const auto path = data_file("WAM2layers/ERA5_2020-01-01_tp.nc");
  if (!path) return;
  const std::vector<Recipe> recipes = {parse_recipe("total_precipitation_6hr from hourly sums")};
  const Fields fields =
      read_and_derive(request({"total_precipitation_6hr"}, "2020-01-01T12"), recipes,
                      [&](const FieldsRequest& part) { return read_nc(*path, part); });
  const Range range = range_of(fields.map(0, 0, 0));
  CHECK(range.least > -1e-6);  // packing
  CHECK(range.most > 1e-5);
  CHECK(range.most < 0.1);
  CHECK(contains(
      error_of([&] { read_nc(*path, request({"total_precipitation_6hr"}, "2020-01-01T12")); }),
      "does not say that it is a sum over 6 h"));
}

TEST_CASE("axes in the order level, longitude, latitude") {
  const auto path = data_file("neuralgcm/era5_tl31_19590102T00.nc");
  if (!path) return;
  const Fields fields =
      read_nc(*path, request({"temperature 1000", "temperature 50"}, "1959-01-02T00"));
  CHECK(fields.grid.rows() == 32);
  CHECK(fields.grid.columns() == 64);
  const auto surface = fields.map(0, 0, 0);
  const double equator = range_of(surface.subspan(15 * 64, 128)).mean;
  CHECK(equator > 293);
  CHECK(equator > range_of(surface.subspan(0, 64)).mean + 15);
}

TEST_CASE("damaged and empty files, and those of other grids, end in one error") {
  const auto message = [](const char* name, const char* channel, const char* time) {
    const auto path = data_file(name);
    if (!path) return std::string("skipped");
    return error_of([&] { GribFiles(*path).read(request({channel}, time)); });
  };
  const auto is = [](const std::string& text, const std::string& expected) {
    CHECK_MESSAGE((text == "skipped" || contains(text, expected)), text);
  };
  is(message("cfgrib/era5-levels-corrupted.grib", "geopotential 500", "2017-01-01"), "is damaged");
  is(message("earthkit-data/empty_file.grib", "geopotential 500", "2017-01-01"), "it is empty");
  is(message("cfgrib/spherical_harmonics.grib", "temperature 500", "2018-08-24"),
     "cannot read 1 of 1 channels");
  is(message("pygrib/spherical_pressure_level.grib1", "temperature 1000", "2008-02-06T12"),
     "`cdo sp2gpl` makes a grid of them");
  const auto netcdf = data_file("netcdf-c/nc_test/bad_cdf5_begin.nc");
  if (netcdf) CHECK(contains(error_of([&] { open_netcdf(*netcdf); }), "bad_cdf5_begin.nc"));
}
