#include "nodes/ingest/grib_fields.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>

#include "nodes/ingest/cf_fields.h"
#include "nodes/ingest/grib_message.h"
#include "nodes/ingest/netcdf_file.h"
#include "nodes/values/model.h"
#include "tests/nodes/error_message.h"
#include "tests/temporary_folder.h"

using namespace ladcast;
namespace fs = std::filesystem;

namespace {

const fs::path kExample = "examples/small_planet/analysis.grib2";

FieldsRequest small_planet_request() {
  const Model model = Model::read("pipelines/models/small-planet");
  return {model.channels, parse_time("2002-01-11"), 0, model.grid, {}};
}

std::string bytes_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("an analysis in GRIB2 equals the same analysis in NetCDF") {
  const FieldsRequest request = small_planet_request();
  const Fields grib = GribFiles(kExample).read(request);
  const Fields netcdf = CfFields(open_netcdf("examples/small_planet/analysis.nc")).read(request);
  REQUIRE(grib.values.size() == netcdf.values.size());
  CHECK(grib.grid == netcdf.grid);
  for (std::size_t c = 0; c < grib.channels.size(); ++c) {
    // GRIB packs to 24 bits of the map's range.
    const auto expected = netcdf.map(0, 0, c), got = grib.map(0, 0, c);
    const auto [low, high] = std::minmax_element(expected.begin(), expected.end());
    const float tolerance = std::ldexp(*high - *low, -20);
    float largest = 0;
    for (std::size_t i = 0; i < got.size(); ++i) {
      largest = std::max(largest, std::abs(got[i] - expected[i]));
    }
    INFO(to_string(grib.channels[c]));
    CHECK(largest <= tolerance);
  }
}

TEST_CASE("all channels that a GRIB file lacks are named at once") {
  FieldsRequest request = small_planet_request();
  request.channels = {
      {"temperature", 300, "K"}, {"temperature", 500, "K"}, {"sea_surface_temperature", {}, "K"}};
  CHECK(
      error_of([&] { GribFiles(kExample).read(request); }) ==
      "cannot read 2 of 3 channels from examples/small_planet/analysis.grib2 at 2002-01-11T00:\n"
      "  temperature 300 hPa, sea_surface_temperature: there is no such message\n"
      "  derive = [\"sea_surface_temperature from skin_temperature\"] may make it\n"
      "  without = [\"sea_surface_temperature\"] leaves it to another reader, and 'merge' adds it");
  request.lead_hours = 6;
  CHECK(contains(error_of([&] { GribFiles(kExample).read(request); }),
                 ": it is there at 2002-01-11T00"));
  request.channels = {{"temperature", 500, "K"}, {"2m_temperature", {}, "K"}};
  CHECK(error_of([&] { GribFiles(kExample).read(request); }) ==
        "cannot read examples/small_planet/analysis.grib2 at 2002-01-11T06, for all channels: it "
        "is there at 2002-01-11T00");
}

TEST_CASE("two messages for one channel are an error that names both") {
  const TemporaryFolder folder;
  const std::string bytes = bytes_of(kExample);
  const auto twice = folder.write("twice.grib2", bytes + bytes);
  const std::string message = error_of([&] { GribFiles(twice).read(small_planet_request()); });
  CHECK(contains(message, "two messages hold 2m_temperature: message 1 of " + twice.string()));
  CHECK(contains(message, "and message 17 of " + twice.string()));
}

TEST_CASE("a damaged or empty GRIB file is an error") {
  const TemporaryFolder folder;
  const std::string bytes = bytes_of(kExample);
  const auto cut = folder.write("cut.grib2", bytes.substr(0, bytes.size() - 100));
  CHECK(contains(error_of([&] { GribFiles(cut).read(small_planet_request()); }),
                 "message 16 of " + cut.string() + " is damaged"));
  const auto empty = folder.write("empty.grib2", "");
  CHECK(error_of([&] { GribFiles(empty).read(small_planet_request()); }) ==
        "cannot open " + empty.string() + ": it is empty");
  const auto page = folder.write("page.grib2", "<!DOCTYPE html><html>Please log in</html>");
  CHECK(contains(error_of([&] { GribFiles(page).read(small_planet_request()); }),
                 "it is a web page"));
  const auto netcdf = folder.write("era5.grib2", "CDF\x01");
  CHECK(contains(error_of([&] { GribFiles(netcdf).read(small_planet_request()); }),
                 "it is a NetCDF file, which 'netcdf_in' reads"));
  CHECK(
      contains(error_of([&] { GribFiles(folder.path() / "absent").read(small_planet_request()); }),
               "No such file or directory"));
}
