// Real weather: three months of ERA5 and its own ensemble of analyses.
#include <doctest/doctest.h>

#include "nodes/ingest/grib_fields.h"
#include "tests/nodes/data_folder.h"
#include "tests/nodes/health/planet.h"

using namespace ladcast;

TEST_CASE("a month of ERA5's pressure is healthy against every earlier state") {
  const auto file = data_file("PyStormTracker-Data/era5_msl_2026-01_6h_2.5deg.nc");
  if (!file) return;
  const CfFields month(open_netcdf(*file));
  const auto state = [&](Time init, int lead) {
    return month.read({{{"mean_sea_level_pressure", {}, "Pa"}}, init, lead, {}, {}});
  };
  std::size_t checks = 0;
  for (int day = 0; day < 16; day += 3) {
    const Time init = parse_time("2026-01-01") + std::chrono::days{day};
    const Fields analysis = state(init, 0);
    for (int lead = 6; lead <= 360; lead += 6) {
      const Fields forecast = state(init, lead);
      const auto all = checks_of_lead({{&forecast}, &analysis});
      checks += all.size();
      CHECK(told(not_ok(all)) == "");
    }
  }
  CHECK(checks > 2000);
}

TEST_CASE("ERA5's own ensemble is healthy, and found once it is blurred or copied") {
  const auto file = data_file("cfgrib/era5-levels-members.grib");
  if (!file) return;
  const GribFiles files(*file);
  FieldsRequest request{{{"geopotential", 500, "m2 s-2"},
                         {"geopotential", 850, "m2 s-2"},
                         {"temperature", 500, "K"},
                         {"temperature", 850, "K"}},
                        parse_time("2017-01-01"),
                        0,
                        {},
                        {}};
  const auto one_member = [](Fields fields) {
    fields.members = {0};
    fields.values.resize(fields.channels.size() * fields.grid.points());
    return fields;
  };
  const Fields analysis = one_member(files.read(request));
  for (const int lead : {12, 24, 36}) {
    request.lead_hours = lead;
    Fields members = files.read(request);
    const Fields truth = one_member(members);
    CHECK(told(not_ok(checks_of_lead({{&members}, &analysis, &truth}))) == "");
    CHECK(told(not_ok(checks_of_lead({{&members}, &analysis}))) == "");
    std::copy_n(members.map(3, 0, 0).begin(), truth.values.size(), members.map(7, 0, 0).begin());
    CHECK(speaks(checks_of_lead({{&members}, &analysis}), "distance of the nearest members"));
  }
}
