#include "nodes/ingest/grib_message.h"

#include <doctest/doctest.h>
#include <eccodes.h>
#include <fmt/format.h>

#include <utility>

#include "nodes/ingest/grib_fields.h"
#include "nodes/ingest/grib_map.h"
#include "nodes/values/variables.h"
#include "tests/nodes/error_message.h"
#include "tests/temporary_folder.h"

using namespace ladcast;

namespace {

constexpr double kMissing = 9999;

/// A GRIB2 message of temperature at 500 hPa, 2000-01-01 00 UTC, on 3 x 4 points from 45 N, 180 W.
std::string message(const std::vector<std::pair<std::string, long>>& keys,
                    std::vector<double> values) {
  codes_handle* handle = codes_grib_handle_new_from_samples(nullptr, "regular_ll_pl_grib2");
  REQUIRE(handle);
  const auto set = [&](const char* key, long value) {
    CHECK(codes_set_long(handle, key, value) == CODES_SUCCESS);
  };
  set("Ni", 4);
  set("Nj", 3);
  set("latitudeOfFirstGridPoint", 45000000);
  set("latitudeOfLastGridPoint", -45000000);
  set("longitudeOfFirstGridPoint", 180000000);
  set("longitudeOfLastGridPoint", 90000000);
  set("iDirectionIncrement", 90000000);
  set("jDirectionIncrement", 45000000);
  set("dataDate", 20000101);
  set("dataTime", 0);
  set("paramId", 130);
  set("level", 500);
  for (const auto& [key, value] : keys) set(key.c_str(), value);
  codes_set_double(handle, "missingValue", kMissing);
  CHECK(codes_set_double_array(handle, "values", values.data(), values.size()) == CODES_SUCCESS);
  const void* bytes = nullptr;
  std::size_t size = 0;
  codes_get_message(handle, &bytes, &size);
  std::string copy(static_cast<const char*>(bytes), size);
  codes_handle_delete(handle);
  return copy;
}

std::string map_of(const std::string& bytes) {
  const TemporaryFolder folder;
  GribReader reader(folder.write("x.grib2", bytes));
  const auto [grid, map] = read_map(*reader.next(), {});
  CHECK(grid == Grid{{-45, 0, 45}, {0, 90, 180, 270}});
  return fmt::format("{:.0f}", fmt::join(map, " "));
}

const std::vector<double> kRows = {0, 1, 2, 3, 10, 11, 12, 13, 20, 21, 22, 23};

}  // namespace

TEST_CASE("GRIB maps of any scanning come out from south to north and from 0 degrees east") {
  CHECK(map_of(message({}, kRows)) == "22 23 20 21 12 13 10 11 2 3 0 1");
  CHECK(map_of(message({{"jScansPositively", 1},
                        {"latitudeOfFirstGridPoint", -45000000},
                        {"latitudeOfLastGridPoint", 45000000}},
                       kRows)) == "2 3 0 1 12 13 10 11 22 23 20 21");
  CHECK(map_of(message({{"iScansNegatively", 1},
                        {"longitudeOfFirstGridPoint", 90000000},
                        {"longitudeOfLastGridPoint", 180000000}},
                       kRows)) == "21 20 23 22 11 10 13 12 1 0 3 2");
  CHECK(map_of(message({{"alternativeRowScanning", 1}}, kRows)) ==
        "22 23 20 21 11 10 13 12 2 3 0 1");
  CHECK(map_of(message({{"jPointsAreConsecutive", 1}}, {0, 10, 20, 1, 11, 21, 2, 12, 22, 3, 13,
                                                        23})) == "22 23 20 21 12 13 10 11 2 3 0 1");
}

TEST_CASE("points that the bitmap leaves out are missing") {
  std::vector<double> values = kRows;
  values[0] = kMissing;
  values[11] = kMissing;
  CHECK(map_of(message({{"bitmapPresent", 1}}, values)) == "22 nan 20 21 12 13 10 11 2 3 nan 1");
}

TEST_CASE("levels count on isobaric surfaces only") {
  const TemporaryFolder folder;
  const auto file =
      folder.write("x.grib2", message({{"typeOfFirstFixedSurface", 103}, {"level", 500}}, kRows));
  const FieldsRequest request{{{"temperature", 500, "K"}}, parse_time("2000-01-01"), 0, {}, {}};
  CHECK(contains(error_of([&] { GribFiles(file).read(request); }), "there is no such message"));
}

TEST_CASE("members are the perturbation numbers") {
  const TemporaryFolder folder;
  std::string bytes;
  for (const long member : {1, 2}) {
    std::vector<double> values(12, static_cast<double>(member));
    bytes +=
        message({{"productDefinitionTemplateNumber", 1}, {"perturbationNumber", member}}, values);
  }
  const auto file = folder.write("members.grib2", bytes);
  FieldsRequest request{{{"temperature", 500, "K"}}, parse_time("2000-01-01"), 0, {}, {}};
  const Fields all = GribFiles(file).read(request);
  CHECK(all.members == std::vector{1, 2});
  CHECK(all.map(1, 0, 0)[0] == 2);
  request.members = {2};
  CHECK(GribFiles(file).read(request).map(0, 0, 0)[0] == 2);
  request.members = {3};
  CHECK(contains(error_of([&] { GribFiles(file).read(request); }), "member 3 is not there"));
}

TEST_CASE("another grid than the model's is refused") {
  const TemporaryFolder folder;
  const auto file = folder.write("x.grib2", message({}, kRows));
  const FieldsRequest request{
      {{"temperature", 500, "K"}}, parse_time("2000-01-01"), 0, Grid{{0}, {0}}, {}};
  CHECK(contains(error_of([&] { GribFiles(file).read(request); }),
                 "the grid has 3 latitudes from -45 to 45"));
}

TEST_CASE("a message whose sections do not add up is refused before ecCodes splits it") {
  const std::string good = message({}, kRows);
  const TemporaryFolder folder;
  const auto error = [&](const std::string& bytes) {
    return error_of([&] { GribReader(folder.write("x.grib2", bytes)); });
  };
  CHECK(error(good + "padding" + good).empty());
  CHECK(error(good.substr(0, good.size() - 10)).empty());  // what is cut off ecCodes refuses
  std::size_t at = 16;
  int sections = 0;
  for (; good.substr(at, 4) != "7777"; ++sections) {
    const auto length =
        static_cast<unsigned char>(good[at + 3]) + 256U * static_cast<unsigned char>(good[at + 2]);
    for (std::size_t byte = 0; byte < 4; ++byte)
      for (const char change : {'\x01', '\x40', '\x7f'}) {
        std::string bad = good;
        bad[at + byte] = static_cast<char>(bad[at + byte] ^ change);
        CHECK(contains(error(good + bad), "message 2 of "));
        CHECK(contains(error(bad), "its sections do not add up"));
      }
    at += length;
  }
  CHECK(sections == 6);
}

TEST_CASE("the times of a sum are those of sums over its hours") {
  const auto sum = [](long begin, long end) {
    return message({{"productDefinitionTemplateNumber", 8},
                    {"typeOfFirstFixedSurface", 1},
                    {"paramId", 228228},
                    {"startStep", begin},
                    {"endStep", end}},
                   kRows);
  };
  const TemporaryFolder folder;
  const auto times = [](const std::filesystem::path& file, const char* channel) {
    std::string text;
    for (const Time time : GribFiles(file).times_of(parse_channel(channel)))
      text += short_time(time) + " ";
    return text;
  };
  const auto file =
      folder.write("tp.grib2", sum(0, 3) + sum(0, 6) + sum(5, 6) + sum(6, 12) + sum(0, 12));
  CHECK(times(file, "total_precipitation_6hr") == "2000-01-01T06 2000-01-01T12 ");
  CHECK(times(file, "total_precipitation") == "2000-01-01T06 ");
  const auto other = folder.write("tp3.grib2", sum(0, 3));
  CHECK(contains(error_of([&] { times(other, "total_precipitation_6hr"); }),
                 "tp3.grib2 holds no total_precipitation_6hr; message 1 of " + other.string() +
                     " is a sum over the steps 0 to 3 h, not over 6 h"));
}
