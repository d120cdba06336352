#include <doctest/doctest.h>

#include "graph/harness.h"
#include "nodes/values/fields_payload.h"
#include "tests/nodes/error_message.h"
#include "tests/nodes/ingest/netcdf_writer.h"
#include "tests/temporary_folder.h"

using namespace ladcast;

namespace {

// Two hours of 366 days at two points. Of six-hourly precipitation the dry part is 0.25 at hour 0
// and 0.75 at hour 6, missing on the first day at the second point; the limit is the number of the
// day in mm, and a metre more at the second point.
std::filesystem::path write_climatology(const TemporaryFolder& folder, const char* units) {
  const auto path = folder.path() / "climatology.nc";
  constexpr std::size_t kDays = 366;
  NetcdfWriter file(path);
  file.dimension("hour", 2);
  file.dimension("dayofyear", kDays);
  file.dimension("lat", 1);
  file.dimension("lon", 2);
  std::vector<double> days, dry, limit;
  for (std::size_t day = 1; day <= kDays; ++day) days.push_back(static_cast<double>(day));
  for (const double hour : {0.0, 6.0})
    for (const double day : days)
      for (const int east : {0, 1}) {
        const bool missing = day == 1 && east == 1;
        dry.push_back(missing ? std::nan("") : hour == 0 ? 0.25 : 0.75);
        limit.push_back(east + day / 1000);
      }
  file.variable("hour", NC_INT64, {"hour"}, {0, 6});
  file.variable("dayofyear", NC_INT64, {"dayofyear"}, days);
  file.variable("lat", NC_DOUBLE, {"lat"}, {0});
  file.variable("lon", NC_DOUBLE, {"lon"}, {0, 180});
  file.variable("total_precipitation_6hr_seeps_dry_fraction", NC_DOUBLE,
                {"hour", "dayofyear", "lat", "lon"}, dry);
  file.variable("total_precipitation_6hr_seeps_threshold", NC_DOUBLE,
                {"hour", "dayofyear", "lat", "lon"}, limit, {{"units", units}});
  file.close();
  return path;
}

Harness climate(const std::filesystem::path& path) {
  Harness harness("seeps_climatology");
  harness.plan("inits = [\"2002-01-10T18\"]\nlead = { step_hours = 6, until_hours = 12 }")
      .set("path", '"' + path.string() + '"');
  return harness;
}

}  // namespace

TEST_CASE("the dry part is that of the year, the limit that of the valid time") {
  const TemporaryFolder folder;
  const auto fields = climate(write_climatology(folder, "m")).all<Fields>("fields");
  REQUIRE(fields.size() == 2);
  CHECK(fields[1].channels[0].name == "total_precipitation_6hr_seeps_dry_fraction");
  CHECK(fields[1].values == std::vector<float>{0.5F, 0.5F, 0.011F, 1.011F});
  CHECK(fields[1].lead_hours == std::vector<int>{12});
}

TEST_CASE("a file without the variables for SEEPS, or in other units, is refused") {
  const TemporaryFolder folder;
  auto other = climate(write_climatology(folder, "m"));
  other.set("precipitation", "\"total_precipitation_24hr\"");
  CHECK(contains(error_of([&] { other.all<Fields>("fields"); }),
                 "has no variable 'total_precipitation_24hr_seeps_threshold'"));
  auto units = climate(write_climatology(folder, "mm"));
  CHECK(contains(error_of([&] { units.all<Fields>("fields"); }), "has units 'mm', not m"));
}
