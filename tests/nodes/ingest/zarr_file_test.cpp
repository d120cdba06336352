#include "nodes/ingest/zarr_file.h"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>
#include <random>

#include "graph/harness.h"
#include "graph/whole_file.h"
#include "nodes/ingest/cf_fields.h"
#include "nodes/values/fields_payload.h"
#include "tests/nodes/error_message.h"
#include "tests/temporary_folder.h"

using namespace ladcast;
namespace fs = std::filesystem;

namespace {

const fs::path kStores = "tests/data/zarr";  // README.md there tells what they hold
const Grid kGrid{{-60, -20, 20, 60}, {0, 60, 120, 180, 240, 300}};
const std::vector<Channel> kChannels = {{"geopotential", 850, "m2 s-2"},
                                        {"geopotential", 500, "m2 s-2"},
                                        {"2m_temperature", {}, "K"},
                                        {"sea_surface_temperature", {}, "K"},
                                        {"total_precipitation_6hr", {}, "m"}};

float expected(std::size_t channel, int t, double x, double y) {
  switch (channel) {
    case 0:
    case 1:
      return t == 2 ? NAN : static_cast<float>((channel ? 10000 : 11000) + 100 * t + 10 * x + y);
    case 2:
      return static_cast<float>(250 + 20 * t + x + y / 4);
    case 3:
      return x < 2 ? NAN : static_cast<float>(280 + t + y / 2);
    default:
      return static_cast<float>((t + x) / 1024);
  }
}

Fields read(const fs::path& store, int hours = 0) {
  FieldsRequest request;
  request.channels = kChannels;
  request.init = parse_time("2002-01-11");
  request.lead_hours = hours;
  request.grid = kGrid;
  return CfFields(open_zarr(store)).read(request);
}

void copy_store(const fs::path& from, const fs::path& to) {
  fs::copy(from, to, fs::copy_options::recursive);
}

Harness reader(const std::string& path) {
  Harness harness("zarr_in");
  harness.set("path", "\"" + path + "\"")
      .set("channels", "[\"geopotential 500\", \"sea_surface_temperature\"]");
  return harness;
}

}  // namespace

TEST_CASE("stores of all versions, codecs and orders are read as if they were ours") {
  for (const char* store :
       {"v2_blosc", "v2_zstd", "v2_zlib", "v2_mixed", "v3_zstd", "v3_gzip", "v3_blosc"}) {
    CAPTURE(store);
    for (const int t : {0, 1, 2}) {
      const Fields fields = read(kStores / store, t == 2 ? 18 : 6 * t);
      CHECK(fields.grid == kGrid);
      int wrong = 0;
      for (std::size_t c = 0; c < kChannels.size(); ++c)
        for (std::size_t y = 0; y < 4; ++y)
          for (std::size_t x = 0; x < 6; ++x) {
            const float wanted = expected(c, t, static_cast<double>(x), static_cast<double>(y));
            const float found = fields.map(0, 0, c)[y * 6 + x];
            wrong += std::isnan(wanted) ? !std::isnan(found) : found != wanted;
          }
      CHECK(wrong == 0);
    }
    const auto mask =
        CfFields(open_zarr(kStores / store)).read_fixed({{"land_sea_mask", {}, "1"}}, kGrid);
    CHECK(mask.values[1] == 1);
    CHECK(mask.values[2] == 0);
  }
}

TEST_CASE("zarr_in sends a field for each time, and may skip one that is not there") {
  auto harness = reader((kStores / "v2_blosc").string());
  harness.set("at", "\"lead\"")
      .plan("lead = { step_hours = 6, until_hours = 18 }")
      .plan("inits = [\"2002-01-11T00:00:00Z\"]");
  CHECK(contains(error_of([&] { harness.all<Fields>("fields"); }),
                 "the 3 times of 'time' lie between 2002-01-11T00 and 2002-01-11T18, without this "
                 "one"));
  const auto fields = harness.set("missing", "\"skip\"").all<Fields>("fields");
  REQUIRE(fields.size() == 3);
  CHECK(fields[0].map(0, 0, 0)[2] == 10120);
  CHECK(fields[1].members.empty());
  CHECK(std::isnan(fields[2].values[0]));
}

TEST_CASE("what is no store is one clear error") {
  const TemporaryFolder folder;
  CHECK(contains(error_of([&] { open_zarr(folder.path() / "no.zarr"); }),
                 "no.zarr: there is no such folder"));
  CHECK(contains(error_of([&] { open_zarr(kStores / "README.md"); }), "a Zarr store is a folder"));
  CHECK(contains(error_of([&] { open_zarr(folder.path()); }), "it is no Zarr group"));
  CHECK(contains(error_of([&] { open_zarr("gs://weatherbench2/datasets/era5"); }),
                 "stores are read from a local disk"));
}

TEST_CASE("an array that does not fit its coordinates is refused") {
  const TemporaryFolder folder;
  const fs::path store = folder.path() / "store";
  copy_store(kStores / "v2_zstd", store);
  std::string zarray = read_whole_file(store / "latitude" / ".zarray");
  zarray.replace(zarray.find("4"), 1, "5");
  folder.write("store/latitude/.zarray", zarray);
  CHECK(contains(error_of([&] { open_zarr(store); }), "the coordinate has 5"));
}

TEST_CASE("a damaged store is read or refused, whatever bytes are wrong") {
  const char* count = std::getenv("LADCAST_RANDOM_STORES");
  const int rounds = count ? std::stoi(count) : 300;
  std::mt19937 random(1);
  const auto below = [&](std::size_t n) {
    return std::uniform_int_distribution<std::size_t>(0, n - 1)(random);
  };
  const std::vector<std::string> words = {
      "-1", "99999999999999999999", "1e400",         "null", "\"\"",    "[]",      "{",
      "0",  "4294967296",           "1099511627775", "NaN",  "\"<f8\"", "\\u0000", "true"};
  for (const char* name :
       {"v2_blosc", "v2_zstd", "v2_zlib", "v2_mixed", "v3_zstd", "v3_gzip", "v3_blosc"}) {
    const TemporaryFolder folder;
    const fs::path store = folder.path() / "store";
    copy_store(kStores / name, store);
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(store))
      if (entry.is_regular_file()) files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    for (int round = 0; round < rounds; ++round) {
      const fs::path file = files[below(files.size())];
      const std::string whole = read_whole_file(file);
      std::string damaged = whole;
      const std::size_t kind = below(4);
      if (kind == 0) damaged.resize(below(whole.size()));
      for (std::size_t i = 0; kind == 1 && i <= below(4); ++i)
        damaged[below(whole.size())] = static_cast<char>(below(256));
      if (kind == 2) damaged.insert(below(whole.size()), words[below(words.size())]);
      if (kind == 3) {  // another number
        const auto from = damaged.find_first_of("0123456789", below(whole.size()));
        const auto to = damaged.find_first_not_of("0123456789", from);
        if (from != std::string::npos)
          damaged.replace(from, std::min(to, whole.size()) - from, words[below(words.size())]);
      }
      folder.write(fs::relative(file, folder.path()), damaged);
      CAPTURE(name);
      CAPTURE(file);
      CAPTURE(round);
      for (const int hours : {0, 18}) CHECK_NOTHROW(error_of([&] { read(store, hours); }));
      folder.write(fs::relative(file, folder.path()), whole);
    }
  }
}
