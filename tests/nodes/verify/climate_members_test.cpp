#include <doctest/doctest.h>

#include "graph/harness.h"
#include "nodes/values/fields_payload.h"
#include "tests/nodes/error_message.h"
#include "tests/nodes/ingest/netcdf_writer.h"
#include "tests/nodes/verify/printed.h"
#include "tests/temporary_folder.h"

using namespace ladcast;

namespace {

/// The analyses at these times; the value of one is year + day of the month / 100 + hour / 10000.
void write_analyses(const std::filesystem::path& path, const std::vector<const char*>& times) {
  NetcdfWriter file(path);
  file.dimension("time", times.size());
  file.dimension("lat", 1);
  file.dimension("lon", 1);
  std::vector<double> hours, values;
  for (const char* text : times) {
    const Time time = parse_time(text);
    hours.push_back(static_cast<double>(time.time_since_epoch().count()) / 3600);
    values.push_back(std::stod(std::string(text, 4)) + std::stod(std::string(text + 8, 2)) / 100 +
                     std::stod(std::string(text + 11, 2)) / 10000);
  }
  file.variable("time", NC_DOUBLE, {"time"}, hours, {{"units", "hours since 1970-01-01"}});
  file.variable("lat", NC_DOUBLE, {"lat"}, {0});
  file.variable("lon", NC_DOUBLE, {"lon"}, {0});
  file.variable("2m_temperature", NC_FLOAT, {"time", "lat", "lon"}, values, {{"units", "K"}});
  file.close();
}

/// A file for each of 2002, 2003 and 2004, with the turns of February and of the year.
void write_years(const TemporaryFolder& folder) {
  write_analyses(folder.path() / "2002.nc", {"2002-03-01T06", "2002-12-31T12"});
  write_analyses(folder.path() / "2003.nc", {"2003-03-01T06", "2003-12-31T12"});
  write_analyses(folder.path() / "2004.nc", {"2004-02-29T06", "2004-12-30T12", "2004-12-31T12"});
}

Harness climate(const std::filesystem::path& path, const char* init, int first, int last) {
  Harness harness("climate_members");
  harness.plan(fmt::format("inits = [\"{}\"]\nlead = {{ step_hours = 6, until_hours = 6 }}", init))
      .set("path", '"' + path.string() + '"')
      .set("channels", R"(["2m_temperature"])")
      .set("first_year", std::to_string(first))
      .set("last_year", std::to_string(last));
  return harness;
}

using Years = std::vector<int>;
using Values = std::vector<float>;

}  // namespace

TEST_CASE("the members are the analyses of the same day of the year and hour in other years") {
  const TemporaryFolder folder;
  write_years(folder);
  const auto at = [&](const char* init) {
    return climate(folder.path() / "*.nc", init, 2002, 2004).get<Fields>("fields");
  };
  const Fields leap = at("2004-02-29T00");  // day 60
  CHECK(leap.members == Years{2002, 2003});
  CHECK(leap.values == Values{2002.0106F, 2003.0106F});
  CHECK(leap.lead_hours == std::vector{6});
  const Fields common = at("2002-03-01T00");
  CHECK(common.members == Years{2003, 2004});
  CHECK(common.values == Values{2003.0106F, 2004.2906F});
}

TEST_CASE("day 366 is day 365 in a year without it, and day 365 is 30 December in a leap year") {
  const TemporaryFolder folder;
  write_years(folder);
  const auto values = [&](const char* init, int first, int last) {
    return climate(folder.path() / "*.nc", init, first, last).get<Fields>("fields").values;
  };
  CHECK(values("2000-12-31T06", 2002, 2004) == Values{2002.3112F, 2003.3112F, 2004.3112F});
  CHECK(values("2003-12-31T06", 2003, 2004) == Values{2004.3012F});
}

TEST_CASE("a file for each analysis is found by its time") {
  const TemporaryFolder folder;
  write_analyses(folder.path() / "20020301T06.nc", {"2002-03-01T06"});
  write_analyses(folder.path() / "20030301T06.nc", {"2003-03-01T06"});
  const Fields fields =
      climate(folder.path() / "{init}.nc", "2001-03-01T00", 2001, 2003).get<Fields>("fields");
  CHECK(fields.members == Years{2002, 2003});
  CHECK(fields.values == Values{2002.0106F, 2003.0106F});
}

TEST_CASE("analyses that are absent are told before the run, or left out where that is wanted") {
  const TemporaryFolder folder;
  write_years(folder);
  auto stops = climate(folder.path() / "*.nc", "2004-02-29T00", 2000, 2004);
  CHECK(contains(error_of([&] { stops.get<Fields>("fields"); }),
                 "lacks analyses of the same day and hour in other years: 2000-02-29T06, "
                 "2001-03-01T06; set missing = \"skip\""));
  auto skips = climate(folder.path() / "*.nc", "2004-02-29T00", 2000, 2004);
  skips.set("missing", "\"skip\"");
  CHECK(skips.get<Fields>("fields").members == Years{2002, 2003});
  auto none = climate(folder.path() / "*.nc", "2004-07-01T00", 2000, 2004);
  none.set("missing", "\"skip\"");
  CHECK(none.get<Fields>("fields").members.empty());
}

TEST_CASE("what is left out of the climates is told once, with how much") {
  const TemporaryFolder folder;
  write_years(folder);
  std::vector<Fields> kept;
  const Registration sink(
      NodeType{"kept", "", [&kept] { return std::make_unique<harness::Sink<Fields>>(kept); }});
  const auto printed = [&] {
    return printed_by(fmt::format(R"(
flow = 1
[run]
inits = ["2004-02-29T00", "2002-02-28T00"]
lead = {{ step_hours = 6, until_hours = 12 }}
[nodes.climate]
type = "climate_members"
path = "{}"
channels = ["2m_temperature"]
first_year = 2000
last_year = 2004
missing = "skip"
[nodes.kept]
type = "kept"
in = "climate"
)",
                                  (folder.path() / "*.nc").string()));
  };
  const std::string text = printed();
  const std::string what = "lacks 14 of the 16 analyses that are members of climates";
  CHECK(contains(text, what + ", which do without them: 2000-02-28T06, 2000-02-28T12, "));
  CHECK(contains(text, " and 4 more\n"));
  CHECK(text.find(what) == text.rfind(what));
}

TEST_CASE("a climate of the valid time's own year alone is refused") {
  const TemporaryFolder folder;
  write_years(folder);
  auto harness = climate(folder.path() / "*.nc", "2004-02-29T00", 2004, 2004);
  CHECK(contains(error_of([&] { harness.get<Fields>("fields"); }),
                 "2004 to 2004 holds no year but the valid time's own"));
}
