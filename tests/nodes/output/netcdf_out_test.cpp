#include <doctest/doctest.h>

#include <cmath>

#include "graph/harness.h"
#include "nodes/ingest/cf_fields.h"
#include "nodes/ingest/netcdf_file.h"
#include "nodes/values/fields_payload.h"
#include "tests/nodes/error_message.h"
#include "tests/temporary_folder.h"

using namespace ladcast;

namespace {

const Grid kGrid{{-45, 45}, {0, 180}};
const std::vector<Channel> kChannels = {{"2m_temperature", {}, "K"},
                                        {"total_precipitation_6hr", {}, "m"}};

Fields fields_of(std::vector<int> members, int lead_hours) {
  Fields fields{kGrid, kChannels, parse_time("2002-01-11"), {lead_hours}, std::move(members),
                false, {}};
  for (const int member : fields.members) {
    fields.values.insert(fields.values.end(), 8, static_cast<float>(100 * member + lead_hours));
  }
  return fields;
}

/// Three members in two batches, leads 6 and 12 h, and the analysis.
Harness forecast(const std::string& path, const char* layout) {
  const std::map<Key, Fields> messages = {{{0, 1, 0}, fields_of({1, 2}, 6)},
                                          {{0, 1, 1}, fields_of({3}, 6)},
                                          {{0, 2, 0}, fields_of({1, 2}, 12)},
                                          {{0, 2, 1}, fields_of({3}, 12)}};
  Harness harness("netcdf_out");
  harness.set("path", "\"" + path + "\"")
      .set("layout", layout)
      .plan("members = 3\nbatch = 2\nlead = { step_hours = 6, until_hours = 12 }")
      .plan(R"(inits = ["2002-01-11T00:00:00Z"])")
      .put_all<Fields>("fields", messages, {true, {1, 1, 2}, true})
      .put_all<Fields>("analysis", {{{0, 0, 0}, fields_of({0}, 0)}}, {true, {}, false});
  return harness;
}

float first(const CfFields& file, const Channel& channel, int lead_hours, int member) {
  return file.read({{channel}, parse_time("2002-01-11"), lead_hours, kGrid, {member}}).values[0];
}

}  // namespace

TEST_CASE("netcdf_out gathers all batches and leads in one file, with the analysis as step 0") {
  const TemporaryFolder folder;
  forecast(folder.path() / "{init}.nc", "\"single\"").run();
  const CfFields file(open_netcdf(folder.path() / "20020111T00.nc"));
  for (const int member : {1, 2, 3}) {
    CHECK(first(file, kChannels[0], 0, member) == 0);
    CHECK(std::isnan(first(file, kChannels[1], 0, member)));
    CHECK(first(file, kChannels[0], 6, member) == static_cast<float>(100 * member + 6));
    CHECK(first(file, kChannels[1], 12, member) == static_cast<float>(100 * member + 12));
  }
}

TEST_CASE("netcdf_out writes a file for each member") {
  const TemporaryFolder folder;
  forecast(folder.path() / "{init}_{member}.nc", "\"members\"").run();
  for (const int member : {1, 2, 3}) {
    const CfFields file(open_netcdf(folder.path() / fmt::format("20020111T00_{:03}.nc", member)));
    CHECK(first(file, kChannels[0], 12, member) == static_cast<float>(100 * member + 12));
  }
  CHECK_FALSE(std::filesystem::exists(folder.path() / "20020111T00_004.nc"));
}

TEST_CASE("a lead that was not there is missing in the file") {
  const TemporaryFolder folder;
  const std::map<Key, Fields> messages = {{{0, 1, 0}, fields_of({}, 6)},
                                          {{0, 2, 0}, fields_of({1, 2}, 12)}};
  Harness harness("netcdf_out");
  harness.set("path", fmt::format("\"{}/{{init}}.nc\"", folder.path().string()))
      .plan("members = 2\nlead = { step_hours = 6, until_hours = 12 }")
      .plan(R"(inits = ["2002-01-11T00:00:00Z"])")
      .put_all<Fields>("fields", messages, {true, {1, 1, 2}, true});
  harness.run();
  const CfFields file(open_netcdf(folder.path() / "20020111T00.nc"));
  CHECK(std::isnan(first(file, kChannels[0], 6, 2)));
  CHECK(first(file, kChannels[0], 12, 2) == 212);
}

TEST_CASE("layout and path must agree") {
  const TemporaryFolder folder;
  const auto refused = [&](const char* name, const char* layout) {
    auto harness = forecast(folder.path() / name, layout);
    return error_of([&] { harness.run(); });
  };
  CHECK(contains(refused("{init}.nc", "\"members\""),
                 "layout = \"members\" needs {member} in the path"));
  CHECK(contains(refused("{init}_{member}.nc", "\"single\""), "one file holds all members"));
  CHECK(contains(refused("{init}_{lead}.nc", "\"single\""), "one file holds all leads"));
}

TEST_CASE("a failed run leaves no file") {
  const TemporaryFolder folder;
  const std::map<Key, Fields> messages = {{{0, 1, 0}, fields_of({1}, 6)},
                                          {{0, 2, 0}, fields_of({7}, 12)}};
  Harness harness("netcdf_out");
  harness.set("path", "\"" + (folder.path() / "{init}.nc").string() + "\"")
      .plan("members = 1\nlead = { step_hours = 6, until_hours = 12 }")
      .plan(R"(inits = ["2002-01-11T00:00:00Z"])")
      .put_all<Fields>("fields", messages, {true, {1, 1, 2}, true});
  CHECK(contains(error_of([&] { harness.run(); }), "the file has no member 7"));
  CHECK(std::filesystem::is_empty(folder.path()));
}
