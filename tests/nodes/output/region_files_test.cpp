#include <doctest/doctest.h>

#include <cstdlib>
#include <map>
#include <sstream>

#include "graph/whole_file.h"
#include "nodes/ingest/cf_fields.h"
#include "nodes/ingest/grib_fields.h"
#include "nodes/ingest/netcdf_file.h"
#include "nodes/ingest/zarr_file.h"
#include "tests/nodes/error_message.h"
#include "tests/nodes/output/numbered_fields.h"
#include "tests/temporary_folder.h"

using namespace ladcast;
namespace fs = std::filesystem;

namespace {

const Time kInit = parse_time("2002-01-11");

/// Europe at 12, 24 and 36 h in each format.
std::string pipeline(const fs::path& folder) {
  const auto sink = [&](const char* type, const char* name) {
    return fmt::format(
        "[nodes.{0}]\ntype = \"{0}\"\nin = \"europe\"\nverify_after_write = true\npath = \"{1}\"\n",
        type, (folder / name).string());
  };
  return numbered::pipeline(
      "[nodes.europe]\ntype = \"select\"\nin = \"forecast\"\nleads = [12, 24, 36]\n"
      "region = [72, -20, 34, 30]\n" +
      sink("netcdf_out", "{init}.nc") + sink("zarr_out", "{init}.zarr") +
      sink("grib_out", "{init}-{lead}.grib2"));
}

/// Any grid; members 3 and 4 at 24 h.
FieldsRequest request() {
  FieldsRequest request;
  request.channels = numbered::channels();
  request.init = kInit;
  request.lead_hours = 24;
  request.members = {3, 4};
  return request;
}

/// Readers give back the region as it was written, from west to east.
void check_europe(const Fields& read, double tolerance) {
  CHECK(read.grid.latitude == std::vector<double>{35, 45, 55, 65});
  CHECK(read.grid.longitude == std::vector<double>{-20, -10, 0, 10, 20, 30});
  const Grid globe = numbered::grid();
  for (std::size_t m = 0; m < 2; ++m)
    for (std::size_t c = 0; c < read.channels.size(); ++c)
      for (std::size_t row = 0; row < 4; ++row)
        for (std::size_t column = 0; column < 6; ++column) {
          const std::size_t source = column < 2 ? column + 34 : column - 2;
          const float expected = numbered::value(c, static_cast<int>(3 + m), 24,
                                                 (12 + row) * globe.columns() + source);
          const float got = read.map(m, 0, c)[row * 6 + column];
          CHECK(std::abs(got - expected) <= tolerance);
        }
}

/// What a command prints.
std::string output_of(const std::string& command, const TemporaryFolder& folder) {
  const fs::path file = folder.path() / "printed";
  const int status = std::system((command + " > " + file.string() + " 2>&1").c_str());
  const std::string text = read_whole_file(file);
  CAPTURE(text);
  CHECK(status == 0);
  return text;
}

/// The value of "name = value" in what cdo prints.
double number_in(const std::string& text, const std::string& name) {
  std::istringstream lines(text);
  for (std::string word, equals; lines >> word;)
    if (word == name) {
      double value = 0;
      lines >> equals >> value;
      return value;
    }
  FAIL("cdo prints no ", name);
  return 0;
}

std::map<std::string, std::string> files_in(const fs::path& folder) {
  std::map<std::string, std::string> files;
  for (const auto& file : fs::recursive_directory_iterator(folder))
    if (file.is_regular_file()) files[fs::relative(file.path(), folder)] = read_whole_file(file);
  return files;
}

}  // namespace

TEST_CASE("all writers keep the region and the leads that select leaves") {
  const TemporaryFolder folder;
  numbered::run(pipeline(folder.path()));
  check_europe(CfFields(open_netcdf(folder.path() / "20020111T00.nc")).read(request()), 0);
  check_europe(CfFields(open_zarr(folder.path() / "20020111T00.zarr")).read(request()), 0);
  check_europe(GribFiles(folder.path() / "20020111T00-024.grib2").read(request()), 0.01);
  const NetcdfFile file(folder.path() / "20020111T00.nc");
  CHECK(file.find("step")->dimensions[0].length == 3);
  CHECK_FALSE(fs::exists(folder.path() / "20020111T00-018.grib2"));
}

TEST_CASE("cdo sees the region from west to east") {
  if (std::system("command -v cdo > /dev/null 2>&1") != 0) {
    MESSAGE("SKIPPED: there is no cdo here");
    return;
  }
  const TemporaryFolder folder;
  numbered::run(pipeline(folder.path()) +
                "[nodes.members]\ntype = \"netcdf_out\"\nin = \"europe\"\nlayout = \"members\"\n"
                "path = \"" +
                (folder.path() / "{init}_{member}.nc").string() + "\"\n");
  for (const char* file : {"t2m 20020111T00_003.nc", "2t 20020111T00-024.grib2"}) {
    CAPTURE(file);
    const std::string name = file,
                      path = (folder.path() / name.substr(name.find(' ') + 1)).string();
    const std::string grid =
        output_of("cdo -s griddes -selname," + name.substr(0, name.find(' ')) + " " + path, folder);
    CAPTURE(grid);
    CHECK(contains(grid, "gridtype  = lonlat"));
    CHECK(number_in(grid, "xsize") == 6);
    CHECK(number_in(grid, "ysize") == 4);
    CHECK(number_in(grid, "xfirst") == -20);
    CHECK(number_in(grid, "xinc") == 10);
  }
}

TEST_CASE("a run that keeps some leads goes on after a stop with the same bytes") {
  const TemporaryFolder folder;
  const std::string text = pipeline(folder.path());
  numbered::run(text);
  const auto expected = files_in(folder.path());
  for (int stop = 2; stop < 40; stop += 6) {
    CAPTURE(stop);
    const TemporaryFolder journal;
    for (const auto& each : fs::directory_iterator(folder.path())) fs::remove_all(each);
    if (!numbered::run_part(text, journal.path(), false, stop))
      CHECK(numbered::run_part(text, journal.path(), true, -1));
    CHECK(files_in(folder.path()) == expected);
  }
}

TEST_CASE("grib_out refuses a region of one column before the run") {
  const std::string text = numbered::pipeline(
      "[nodes.line]\ntype = \"select\"\nin = \"forecast\"\nregion = [72, 10, 34, 10]\n"
      "[nodes.grib]\ntype = \"grib_out\"\nin = \"line\"\npath = \"{init}-{lead}.grib2\"\n");
  CHECK(contains(error_of([&] { numbered::graph_of(text); }),
                 "a grid of 4 x 1 points cannot be written as GRIB2"));
}
