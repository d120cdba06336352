#include "nodes/ingest/cf_fields.h"

#include <doctest/doctest.h>

#include <cmath>

#include "nodes/ingest/netcdf_file.h"
#include "tests/nodes/error_message.h"
#include "tests/nodes/ingest/netcdf_writer.h"
#include "tests/temporary_folder.h"

using namespace ladcast;

namespace {

const Grid kGrid{{-45, 45}, {0, 90, 180, 270}};

/// A file as legacy downloads of ERA5 are: north to south, from 180 W, packed, levels in millibars.
/// Value of a point before packing: 100 * time + 10 * level + place in the file.
void write_legacy(const std::filesystem::path& path) {
  NetcdfWriter file(path);
  file.dimension("time", 2);
  file.dimension("level", 2);
  file.dimension("latitude", 2);
  file.dimension("longitude", 4);
  file.variable("time", NC_INT, {"time"}, {876576, 876582},
                {{"units", "hours since 1900-01-01 00:00:00.0"}, {"calendar", "gregorian"}});
  file.variable("level", NC_INT, {"level"}, {500, 850}, {{"units", "millibars"}});
  file.variable("latitude", NC_FLOAT, {"latitude"}, {45, -45}, {{"units", "degrees_north"}});
  file.variable("longitude", NC_FLOAT, {"longitude"}, {-180, -90, 0, 90},
                {{"units", "degrees_east"}});
  std::vector<double> packed;
  for (int time = 0; time < 2; ++time) {
    for (int level = 0; level < 2; ++level) {
      for (int place = 0; place < 8; ++place) packed.push_back(100 * time + 10 * level + place);
    }
  }
  packed[3] = -32767;
  file.variable("t", NC_SHORT, {"time", "level", "latitude", "longitude"}, packed, {{"units", "K"}},
                {{"scale_factor", 0.5}, {"add_offset", 200}, {"_FillValue", -32767}});
  file.variable("msl", NC_FLOAT, {"time", "latitude", "longitude"},
                {1000, 1001, 1002, 1003, 1004, 1005, 1006, 1007, 1010, 1011, 1012, 1013, 1014, 1015,
                 1016, 1017},
                {{"units", "hPa"}});
  file.close();
}

std::vector<float> copied(std::span<const float> map) { return {map.begin(), map.end()}; }

}  // namespace

TEST_CASE("a packed file from north to south is read as if it were ours") {
  const TemporaryFolder folder;
  write_legacy(folder.path() / "era5.nc");
  const CfFields file(open_netcdf(folder.path() / "era5.nc"));
  const Fields fields =
      file.read({{{"temperature", 850, "K"}, {"mean_sea_level_pressure", {}, "Pa"}},
                 parse_time("2000-01-01T00"),
                 6,
                 kGrid,
                 {}});
  CHECK(fields.grid == kGrid);
  CHECK(fields.lead_hours == std::vector{6});
  CHECK(fields.members == std::vector{0});
  CHECK(copied(fields.map(0, 0, 0)) ==
        std::vector{258.0F, 258.5F, 257.0F, 257.5F, 256.0F, 256.5F, 255.0F, 255.5F});
  CHECK(copied(fields.map(0, 0, 1)) == std::vector{101600.0F, 101700.0F, 101400.0F, 101500.0F,
                                                   101200.0F, 101300.0F, 101000.0F, 101100.0F});
}

TEST_CASE("fill values become missing") {
  const TemporaryFolder folder;
  write_legacy(folder.path() / "era5.nc");
  const CfFields file(open_netcdf(folder.path() / "era5.nc"));
  const Fields fields =
      file.read({{{"temperature", 500, "K"}}, parse_time("2000-01-01T00"), 0, kGrid, {}});
  int missing = 0;
  for (const float value : fields.values) missing += std::isnan(value);
  CHECK(missing == 1);
  CHECK(std::isnan(fields.map(0, 0, 0)[5]));  // 45 N, 90 E
}

TEST_CASE("all missing channels are named at once, with where they were looked for") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "era5.nc";
  write_legacy(path);
  const CfFields file(open_netcdf(path));
  const FieldsRequest request{{{"temperature", 250, "K"},
                               {"temperature", 300, "K"},
                               {"temperature", 500, "K"},
                               {"sea_surface_temperature", {}, "K"},
                               {"mean_sea_level_pressure", {}, "K"}},
                              parse_time("2000-01-01T00"),
                              0,
                              kGrid,
                              {}};
  CHECK(error_of([&] { file.read(request); }) ==
        "cannot read 4 of 5 channels from " + path.string() +
            " at 2000-01-01T00:\n"
            "  temperature 250 hPa, temperature 300 hPa: the levels of 't' are 500, 850 hPa\n"
            "  sea_surface_temperature: there is no variable sea_surface_temperature, sst or with "
            "standard_name sea_surface_temperature\n"
            "  mean_sea_level_pressure: 'msl' has units 'hPa', which are not K\n"
            "  derive = [\"sea_surface_temperature from skin_temperature\"] may make it\n"
            "  without = [\"sea_surface_temperature\"] leaves it to another reader, and 'merge' "
            "adds it");
}

TEST_CASE("a time or a grid that is not there is named") {
  const TemporaryFolder folder;
  write_legacy(folder.path() / "era5.nc");
  const CfFields file(open_netcdf(folder.path() / "era5.nc"));
  FieldsRequest request{{{"temperature", 500, "K"}}, parse_time("2000-01-02T00"), 0, kGrid, {}};
  CHECK(
      contains(error_of([&] { file.read(request); }),
               "the 2 times of 'time' lie between 2000-01-01T00 and 2000-01-01T06, without this"));
  request.init = parse_time("2000-01-01T00");
  request.grid->latitude = {-60, 60};
  CHECK(contains(error_of([&] { file.read(request); }), "wanted are 2 latitudes from -60 to 60"));
  request.grid = kGrid;
  request.members = {3};
  CHECK(contains(error_of([&] { file.read(request); }), "there is no member 3; the members are 0"));
}

TEST_CASE("standard names with levels and heights identify variables of other names") {
  const TemporaryFolder folder;
  NetcdfWriter file(folder.path() / "model.nc");
  file.dimension("time", 1);
  file.dimension("plev", 1);
  file.dimension("lon", 4);  // longitude before latitude
  file.dimension("lat", 2);
  file.variable("time", NC_DOUBLE, {"time"}, {10957}, {{"units", "days since 1970-01-01"}});
  file.variable("plev", NC_DOUBLE, {"plev"}, {85000}, {{"units", "Pa"}});
  file.variable("lat", NC_DOUBLE, {"lat"}, {-45, 45}, {{"units", "degrees_north"}});
  file.variable("lon", NC_DOUBLE, {"lon"}, {0, 90, 180, 270}, {{"units", "degrees_east"}});
  file.variable("h2", NC_DOUBLE, {}, {2}, {{"standard_name", "height"}, {"units", "m"}});
  file.variable("ta", NC_FLOAT, {"time", "plev", "lon", "lat"}, {1, 2, 3, 4, 5, 6, 7, 8},
                {{"standard_name", "air_temperature"}, {"units", "degC"}});
  file.variable("tas", NC_FLOAT, {"time", "lat", "lon"}, {1, 2, 3, 4, 5, 6, 7, 8},
                {{"standard_name", "air_temperature"}, {"units", "K"}, {"coordinates", "h2"}});
  file.close();
  const Fields fields = CfFields(open_netcdf(folder.path() / "model.nc"))
                            .read({{{"temperature", 850, "K"}, {"2m_temperature", {}, "K"}},
                                   parse_time("2000-01-01"),
                                   0,
                                   kGrid,
                                   {}});
  CHECK(copied(fields.map(0, 0, 0)) ==
        std::vector{274.15F, 276.15F, 278.15F, 280.15F, 275.15F, 277.15F, 279.15F, 281.15F});
  CHECK(copied(fields.map(0, 0, 1)) == std::vector{1.F, 2.F, 3.F, 4.F, 5.F, 6.F, 7.F, 8.F});
}

TEST_CASE("an hourly sum is not taken for a sum over 6 h") {
  const TemporaryFolder folder;
  for (const double hours : {1.0, 6.0}) {
    NetcdfWriter file(folder.path() / "tp.nc");
    file.dimension("time", 1);
    file.dimension("bnds", 2);
    file.dimension("lat", 1);
    file.dimension("lon", 1);
    file.variable("time", NC_INT, {"time"}, {24},
                  {{"units", "hours since 2000-01-01"}, {"bounds", "time_bnds"}});
    file.variable("time_bnds", NC_DOUBLE, {"time", "bnds"}, {24 - hours, 24});
    file.variable("lat", NC_DOUBLE, {"lat"}, {0});
    file.variable("lon", NC_DOUBLE, {"lon"}, {0});
    file.variable("tp", NC_FLOAT, {"time", "lat", "lon"}, {8}, {{"units", "mm"}});
    file.close();
    const auto read = [&] {
      return CfFields(open_netcdf(folder.path() / "tp.nc"))
          .read({{{"total_precipitation_6hr", {}, "m"}}, parse_time("2000-01-02"), 0, {}, {}});
    };
    if (hours == 6) {
      CHECK(read().values == std::vector{0.008F});
    } else {
      CHECK(contains(error_of(read), "'tp' is a sum over 1 h, not 6"));
    }
  }
}

TEST_CASE("a file that is no NetCDF, or is cut off, is one error") {
  const TemporaryFolder folder;
  const auto text = folder.write("text.nc", "not a NetCDF file at all");
  CHECK(contains(error_of([&] { CfFields file(open_netcdf(text)); }),
                 "cannot open " + text.string()));
  const auto whole = folder.path() / "era5.nc";
  write_legacy(whole);
  std::filesystem::resize_file(whole, std::filesystem::file_size(whole) / 2);
  CHECK(contains(error_of([&] { CfFields file(open_netcdf(whole)); }),
                 "cannot open " + whole.string()));
  CHECK(contains(error_of([&] { CfFields file(open_netcdf(folder.path() / "absent.nc")); }),
                 "No such file or directory"));
}

TEST_CASE("a level that is there twice is refused") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "twice.nc";
  NetcdfWriter file(path);
  file.dimension("time", 1);
  file.dimension("level", 2);
  file.dimension("latitude", 1);
  file.dimension("longitude", 1);
  file.variable("time", NC_INT, {"time"}, {0}, {{"units", "hours since 2024-01-31"}});
  file.variable("level", NC_INT, {"level"}, {500, 500}, {{"units", "hPa"}});
  file.variable("latitude", NC_DOUBLE, {"latitude"}, {0}, {{"units", "degrees_north"}});
  file.variable("longitude", NC_DOUBLE, {"longitude"}, {0}, {{"units", "degrees_east"}});
  file.variable("t", NC_FLOAT, {"time", "level", "latitude", "longitude"}, {250, 251},
                {{"units", "K"}});
  file.close();
  const FieldsRequest request{{{"temperature", 500, "K"}}, parse_time("2024-01-31"), 0, {}, {}};
  CHECK(contains(error_of([&] { CfFields(open_netcdf(path)).read(request); }),
                 "'level' has 500 hPa twice"));
}

TEST_CASE("of ERA5 and its preliminary version the one that has values counts") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "era5t.nc";
  NetcdfWriter file(path);
  file.dimension("time", 2);
  file.dimension("expver", 2);
  file.dimension("latitude", 1);
  file.dimension("longitude", 2);
  file.variable("time", NC_INT, {"time"}, {0, 1}, {{"units", "hours since 2024-01-31"}});
  file.variable("expver", NC_INT, {"expver"}, {1, 5});
  file.variable("latitude", NC_DOUBLE, {"latitude"}, {0}, {{"units", "degrees_north"}});
  file.variable("longitude", NC_DOUBLE, {"longitude"}, {0, 180}, {{"units", "degrees_east"}});
  const double none = -32767;
  file.variable("t2m", NC_FLOAT, {"time", "expver", "latitude", "longitude"},
                {280, 281, none, none, none, none, 290, 291}, {{"units", "K"}},
                {{"_FillValue", none}});
  file.close();
  const CfFields fields(open_netcdf(path));
  const auto at = [&](const char* time) {
    return fields.read({{{"2m_temperature", {}, "K"}}, parse_time(time), 0, {}, {}}).values;
  };
  CHECK(at("2024-01-31T00") == std::vector{280.0F, 281.0F});
  CHECK(at("2024-01-31T01") == std::vector{290.0F, 291.0F});
}

TEST_CASE("a header that claims absurd lengths asks for no memory") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "vast.nc";
  int file = -1, time = -1, id = -1;
  REQUIRE(nc_create(path.c_str(), NC_NETCDF4, &file) == NC_NOERR);
  REQUIRE(nc_def_dim(file, "time", std::size_t{1} << 23, &time) == NC_NOERR);
  const int both[] = {time, time};
  REQUIRE(nc_def_var(file, "time", NC_DOUBLE, 1, both, &id) == NC_NOERR);
  REQUIRE(nc_def_var(file, "x", NC_DOUBLE, 2, both, &id) == NC_NOERR);
  REQUIRE(nc_close(file) == NC_NOERR);
  CHECK(contains(error_of([&] { CfFields fields(open_netcdf(path)); }),
                 "says that it has 8388608 values, more than 4194304"));
  const auto opened = open_netcdf(path);
  CHECK(contains(error_of([&] { opened->values(*opened->find("x")); }),
                 "more than 33554432 values at once"));
}
