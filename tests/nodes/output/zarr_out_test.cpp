#include <doctest/doctest.h>

#include <cmath>
#include <map>

#include "graph/harness.h"
#include "graph/whole_file.h"
#include "nodes/ingest/cf_fields.h"
#include "nodes/ingest/zarr_file.h"
#include "nodes/output/zarr_store.h"
#include "nodes/output/zarr_writer.h"
#include "nodes/values/fields_payload.h"
#include "tests/nodes/error_message.h"
#include "tests/temporary_folder.h"

using namespace ladcast;
namespace fs = std::filesystem;

namespace {

const Grid kGrid{{-90, 0, 90}, {0, 180}};
const std::vector<Channel> kChannels = {{"2m_temperature", {}, "K"},
                                        {"geopotential", 850, "m2 s-2"},
                                        {"total_precipitation_6hr", {}, "m"},
                                        {"geopotential", 500, "m2 s-2"}};
const std::vector<Time> kInits = {parse_time("2002-01-11T00"), parse_time("2002-01-11T12")};

/// 1000 * channel + 100 * member + lead + item / 2; row -90 is missing.
Fields fields_of(int item, const std::vector<int>& members, const std::vector<int>& leads) {
  Fields fields{kGrid, kChannels, kInits[static_cast<std::size_t>(item)], leads, members,
                false, {}};
  fields.allocate(NAN);
  for (std::size_t m = 0; m < members.size(); ++m)
    for (std::size_t l = 0; l < leads.size(); ++l)
      for (std::size_t c = 0; c < kChannels.size(); ++c)
        for (std::size_t point = 2; point < 6; ++point)
          fields.map(m, l, c)[point] = static_cast<float>(1000 * c) +
                                       static_cast<float>(100 * members[m] + leads[l]) +
                                       static_cast<float>(item) / 2;
  return fields;
}

/// Two initial times, three members in two batches, leads 6 and 12 h, and the analysis.
Harness forecast(const fs::path& path, int threads = 2) {
  std::map<Key, Fields> messages, analyses;
  for (const int item : {0, 1}) {
    for (const int lead : {1, 2}) {
      messages[{item, lead, 0}] = fields_of(item, {1, 2}, {6 * lead});
      messages[{item, lead, 1}] = fields_of(item, {3}, {6 * lead});
    }
    analyses[{item, 0, 0}] = fields_of(item, {0}, {0});
  }
  Harness harness("zarr_out");
  harness.set("path", "\"" + path.string() + "\"")
      .plan("members = 3\nbatch = 2\nlead = { step_hours = 6, until_hours = 12 }")
      .plan("inits = [\"2002-01-11T00:00:00Z\", \"2002-01-11T12:00:00Z\"]")
      .plan(fmt::format("[engine]\nthreads = {}", threads))
      .put_all<Fields>("fields", messages, {true, {1, 1, 2}, true})
      .put_all<Fields>("analysis", analyses, {true, {}, false});
  return harness;
}

std::vector<float> read(const fs::path& store, int item, int lead_hours,
                        const std::vector<int>& members, const Channel& channel) {
  FieldsRequest request;
  request.channels = {channel};
  request.init = kInits[static_cast<std::size_t>(item)];
  request.lead_hours = lead_hours;
  request.grid = kGrid;
  request.members = members;
  return CfFields(open_zarr(store)).read(request).values;
}

std::map<std::string, std::string> bytes_of(const fs::path& folder) {
  std::map<std::string, std::string> bytes;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file())
      bytes[fs::relative(entry.path(), folder)] = read_whole_file(entry.path());
  return bytes;
}

void check_values(const fs::path& store, int item) {
  for (const int member : {1, 2, 3})
    for (const std::size_t c : {0U, 1U, 2U, 3U})
      for (const int lead : {0, 6, 12}) {
        const auto map = read(store, item, lead, {member}, kChannels[c]);
        CHECK(std::isnan(map[0]));
        if (lead == 0 && c == 2)
          CHECK(std::isnan(map[5]));
        else
          CHECK(map[5] == fields_of(item, {lead ? member : 0}, {lead}).map(0, 0, c)[5]);
      }
}

ZarrStoreSpec spec_of() {
  ZarrStoreSpec spec;
  spec.grid = kGrid;
  spec.channels = kChannels;
  spec.inits = kInits;
  spec.lead_hours = {6, 12, 18, 24};
  spec.members = {1, 2, 3};
  spec.members_in_chunk = 2;
  spec.leads_in_chunk = 2;
  spec.attributes = {{"ladcast_pipeline", "a"}};
  return spec;
}

}  // namespace

TEST_CASE("zarr_out writes one store for all initial times, with the analysis as step 0") {
  const TemporaryFolder folder;
  forecast(folder.path() / "all.zarr").run();
  for (const int item : {0, 1}) check_values(folder.path() / "all.zarr", item);
}

TEST_CASE("zarr_out writes a store for each initial time where the path names it") {
  const TemporaryFolder folder;
  forecast(folder.path() / "{init}.zarr").run();
  check_values(folder.path() / "20020111T00.zarr", 0);
  check_values(folder.path() / "20020111T12.zarr", 1);
}

TEST_CASE("equal runs write equal bytes, at any number of threads, also over an earlier store") {
  const TemporaryFolder folder;
  const fs::path store = folder.path() / "all.zarr";
  forecast(store, 1).run();
  const auto expected = bytes_of(store);
  CHECK(expected.contains(".zmetadata"));
  CHECK(expected.contains("geopotential/1.1.2.0.0.0"));
  CHECK_FALSE(expected.contains("total_precipitation_6hr/0.0.0.0.0"));
  folder.write("all.zarr/2m_temperature/9.9.9.0.0", "of a longer run");
  for (const int threads : {2, 8}) {
    forecast(store, threads).run();
    CHECK(bytes_of(store) == expected);
  }
}

TEST_CASE("zarr_out neither takes a wrong path nor overwrites what is not its own") {
  const TemporaryFolder folder;
  CHECK(contains(error_of([&] { forecast(folder.path() / "{member}.zarr").run(); }),
                 "one store holds all"));
  folder.write("data/precious.txt", "");
  CHECK(contains(error_of([&] { forecast(folder.path() / "data").run(); }),
                 "is no store that ladcast-flow wrote; take another path"));
  CHECK(fs::exists(folder.path() / "data" / "precious.txt"));
}

TEST_CASE("days and files that are in a store are not removed by another run") {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "all.zarr";
  forecast(path).run();
  auto one_day = [&path] {
    Harness harness("zarr_out");
    std::map<Key, Fields> messages = {{{0, 1, 0}, fields_of(0, {1, 2}, {6})}};
    harness.set("path", "\"" + path.string() + "\"")
        .plan("members = 2\nlead = { step_hours = 6, until_hours = 6 }")
        .plan("inits = [\"2002-01-11T00:00:00Z\"]")
        .put_all<Fields>("fields", messages, {true, {1, 1, 1}, true});
    harness.run();
  };
  CHECK(contains(error_of(one_day), "holds 2002-01-11T12, which this run would remove"));
  CHECK(read(path, 1, 6, {1}, kChannels[0]).size() == kGrid.points());
  folder.write("all.zarr/notes/today.txt", "");
  CHECK(contains(error_of([&] { forecast(path).run(); }),
                 "holds notes, which ladcast-flow did not write"));
  CHECK(fs::exists(path / "notes"));
}

TEST_CASE("what a kill leaves of a store gives way to the next run") {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "all.zarr";
  forecast(path).run();
  const auto expected = bytes_of(path);
  const auto check = [&] {
    forecast(path).run();
    CHECK(bytes_of(path) == expected);
  };
  fs::remove(path / "2m_temperature" / ".zattrs");  // while it was made
  fs::remove_all(path / "geopotential");
  folder.write("all.zarr/geopotential/.zarray.partial", "{");
  check();
  fs::remove(path / ".zmetadata");  // while it was removed
  for (const auto& entry : fs::directory_iterator(path / "geopotential")) fs::remove(entry.path());
  check();
  fs::remove_all(path);
  folder.write("all.zarr/.zattrs.partial", "{");
  check();
}

TEST_CASE("a lead that was not there is missing in the store") {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "all.zarr";
  Harness harness("zarr_out");
  std::map<Key, Fields> messages = {{{0, 1, 0}, fields_of(0, {1, 2}, {6})},
                                    {{0, 2, 0}, fields_of(0, {}, {12})}};
  harness.set("path", "\"" + path.string() + "\"")
      .plan("members = 2\nlead = { step_hours = 6, until_hours = 12 }")
      .plan("inits = [\"2002-01-11T00:00:00Z\"]")
      .put_all<Fields>("fields", messages, {true, {1, 1, 2}, true});
  harness.run();
  CHECK_FALSE(std::isnan(read(path, 0, 6, {2}, kChannels[0])[5]));
  CHECK(std::isnan(read(path, 0, 12, {2}, kChannels[0])[5]));
}

TEST_CASE("a store that is not finished is not read") {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "all.zarr";
  forecast(path).run();
  fs::remove(path / ".zmetadata");
  CHECK(contains(error_of([&] { open_zarr(path); }), "all.zarr is not finished"));
}

TEST_CASE("a failed run leaves no store") {
  const TemporaryFolder folder;
  const std::map<Key, Fields> messages = {{{0, 1, 0}, fields_of(0, {1}, {6})},
                                          {{0, 2, 0}, fields_of(0, {7}, {12})}};
  Harness harness("zarr_out");
  harness.set("path", "\"" + (folder.path() / "{init}.zarr").string() + "\"")
      .plan("members = 1\nlead = { step_hours = 6, until_hours = 12 }")
      .plan("inits = [\"2002-01-11T00:00:00Z\"]")
      .put_all<Fields>("fields", messages, {true, {1, 1, 2}, true});
  CHECK(contains(error_of([&] { harness.run(); }), "the store has no members 7"));
  CHECK(fs::is_empty(folder.path()));
}

TEST_CASE("fields without leads and members make a store of analyses") {
  const TemporaryFolder folder;
  Harness harness("zarr_out");
  harness.set("path", "\"" + (folder.path() / "truth.zarr").string() + "\"")
      .plan("inits = [\"2002-01-11T00:00:00Z\", \"2002-01-11T12:00:00Z\"]")
      .put_all<Fields>("fields",
                       {{{0, 0, 0}, fields_of(0, {0}, {0})}, {{1, 0, 0}, fields_of(1, {0}, {0})}},
                       {true, {}, false});
  harness.run();
  const auto file = open_zarr(folder.path() / "truth.zarr");
  const CfVariable* z = file->find("geopotential");
  REQUIRE(z);
  CHECK(z->dimensions.size() == 4);
  CHECK(file->text(*file->find("time"), "standard_name") == "time");
  CHECK(read(folder.path() / "truth.zarr", 1, 0, {}, kChannels[3])[5] == 3000.5F);
}

TEST_CASE("a payload of several leads is one chunk of each variable") {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "store";
  const ZarrStore store(path, spec_of());
  CHECK(store.write(fields_of(1, {3}, {18, 24})).size() == 3);
  finish_store(path);
  CHECK(fs::exists(path / "geopotential" / "1.1.1.0.0.0"));
  CHECK(read(path, 1, 24, {3}, kChannels[1])[4] == 1324.5F);
  CHECK(std::isnan(read(path, 1, 12, {3}, kChannels[1])[4]));
  CHECK(contains(error_of([&] {
                   store.write(fields_of(0, {1, 2}, {12, 18}));
                 }),
                 "no chunk begins at lead 12 h"));
  CHECK(contains(error_of([&] {
                   store.write(fields_of(0, {1, 2}, {6}));
                 }),
                 "the fields have 1 leads, a chunk has 2"));
}

TEST_CASE("ensemble statistics have names of their own") {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "store";
  ZarrStoreSpec spec = spec_of();
  spec.channels = {{"2m_temperature", {}, "K", Statistic{Statistic::Kind::percentile, 90}}};
  spec.members = {0};
  ZarrStore(path, spec).spec();
  CHECK(fs::exists(path / "2m_temperature_p90" / ".zarray"));
  CHECK_FALSE(fs::exists(path / "number"));
}

TEST_CASE("a store is gone on with only by the same pipeline, with times added at the end") {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "store";
  const ZarrStore store(path, spec_of());
  CHECK(can_continue(path, spec_of()));
  ZarrStoreSpec more = spec_of();
  more.inits.push_back(parse_time("2002-01-12"));
  more.lead_hours.insert(more.lead_hours.end(), {30, 36});
  CHECK(can_continue(path, more));
  ZarrStoreSpec other = spec_of();
  other.inits.insert(other.inits.begin(), parse_time("2002-01-10"));
  CHECK_FALSE(can_continue(path, other));
  other = spec_of();
  other.members_in_chunk = 1;
  CHECK_FALSE(can_continue(path, other));
  other = spec_of();
  other.attributes["ladcast_pipeline"] = "b";
  CHECK_FALSE(can_continue(path, other));
  CHECK_FALSE(can_continue(folder.path() / "none", spec_of()));
  const auto files = chunk_files(path, spec_of(), kInits[1], 3, 18);
  CHECK(files.at(0) == path / "2m_temperature" / "1.1.1.0.0");
}
