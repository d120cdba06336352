#include "graph/inspect.h"

#include <doctest/doctest.h>
#include <eccodes.h>

#include "nodes/ingest/netcdf_file.h"
#include "tests/nodes/error_message.h"
#include "tests/nodes/ingest/netcdf_writer.h"
#include "tests/temporary_folder.h"

using namespace ladcast;

namespace {

std::string inspect(const std::filesystem::path& path) {
  return Inspector::registered()(path, "small-planet");
}

}  // namespace

TEST_CASE("inspect tells what a model finds in a file, can derive and lacks") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "gfs.nc";
  NetcdfWriter file(path);
  file.dimension("time", 2);
  file.dimension("level", 2);
  file.dimension("latitude", 2);
  file.dimension("longitude", 3);
  file.variable("time", NC_DOUBLE, {"time"}, {0, 6}, {{"units", "hours since 2002-01-11"}});
  file.variable("level", NC_DOUBLE, {"level"}, {500, 850}, {{"units", "hPa"}});
  file.variable("latitude", NC_DOUBLE, {"latitude"}, {-45, 45}, {{"units", "degrees_north"}});
  file.variable("longitude", NC_DOUBLE, {"longitude"}, {0, 120, 240}, {{"units", "degrees_east"}});
  const std::vector<double> values(24, 1);
  const std::vector<std::string> dimensions = {"time", "level", "latitude", "longitude"};
  file.variable("gh", NC_FLOAT, dimensions, values, {{"units", "gpm"}});
  file.variable("t", NC_FLOAT, dimensions, values, {{"units", "K"}});
  file.variable("r", NC_FLOAT, dimensions, values, {{"units", "%"}});
  file.close();
  const std::string text = inspect(path);
  CHECK(contains(text, "gfs.nc: NetCDF\n"));
  CHECK(contains(text, "  gh (time 2, level 2, latitude 2, longitude 3) [gpm]\n"));
  CHECK(contains(text,
                 "Of the 16 channels of small-planet\n"
                 "4 there, 2 times from 2002-01-11T00 to 2002-01-11T06, 2 latitudes from -45 to 45 "
                 "and 3 longitudes from 0 to 240:\n"
                 "  geopotential 500 850 hPa: from geopotential_height\n"
                 "  temperature 500 850 hPa\n"
                 "1 to be derived:\n"
                 "  specific_humidity 850 hPa: derive = [\"specific_humidity from "
                 "relative_humidity\"]\n"
                 "11 missing:\n"
                 "  geopotential 250 hPa: the levels of 'gh' are 500, 850 hPa\n"));
}

TEST_CASE("inspect tells what a GRIB file holds") {
  const std::string text = inspect("examples/small_planet/analysis.grib2");
  CHECK(contains(text, "analysis.grib2: GRIB, 16 messages\n"));
  CHECK(contains(text,
                 "16 there, 2002-01-11T00, 32 x 64 points (regular_ll):\n"
                 "  geopotential 250 500 850 hPa\n"));
  CHECK(!contains(text, "missing"));
}

TEST_CASE("inspect names the grids that no reader takes") {
  const TemporaryFolder folder;
  const auto missing = [&folder](const char* sample) {
    codes_handle* handle = codes_grib_handle_new_from_samples(nullptr, sample);
    REQUIRE(handle);
    CHECK(codes_set_long(handle, "paramId", 130) == CODES_SUCCESS);
    CHECK(codes_set_long(handle, "level", 500) == CODES_SUCCESS);
    const void* bytes = nullptr;
    std::size_t size = 0;
    codes_get_message(handle, &bytes, &size);
    const auto file = folder.write("x.grib", {static_cast<const char*>(bytes), size});
    codes_handle_delete(handle);
    return inspect(file);
  };
  for (const char* sample : {"sh_pl_grib1", "sh_pl_grib2"})
    CHECK(contains(missing(sample),
                   "\n  temperature 500 hPa: its message holds spectral coefficients; `cdo sp2gpl` "
                   "makes a grid of them\n"));
  CHECK(contains(missing("rotated_ll_pl_grib2"),
                 "temperature 500 hPa: its message has a grid of type rotated_ll; "));
}

TEST_CASE("inspect describes a model folder") {
  const std::string text = inspect("pipelines/models/small-planet");
  CHECK(contains(text, "16 channels on 32 latitudes"));
  CHECK(contains(text, "all its files are there"));
}

TEST_CASE("inspect names what it cannot read") {
  const TemporaryFolder folder;
  const auto zip = folder.write("era5.nc", "PK\x03\x04");
  CHECK(contains(error_of([&] { inspect(zip); }), "is a zip archive"));
  const auto text = folder.write("era5.txt", "Dear user");
  CHECK(contains(error_of([&] { inspect(text); }), "is neither GRIB nor NetCDF"));
  CHECK(contains(error_of([&] { inspect(folder.path()); }), "neither a model (model.toml) nor"));
  CHECK(contains(error_of([] { inspect("no.nc"); }), "there is no no.nc"));
}
