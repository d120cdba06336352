#include "nodes/values/zarr_group.h"

#include <doctest/doctest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "graph/whole_file.h"
#include "tests/nodes/error_message.h"
#include "tests/temporary_folder.h"

using namespace ladcast;
using nlohmann::json;

namespace {

const json kArray2 = {{"zarr_format", 2},   {"shape", {2, 3}},       {"chunks", {2, 2}},
                      {"dtype", "<i2"},     {"compressor", nullptr}, {"fill_value", 7},
                      {"filters", nullptr}, {"order", "C"}};

/// The metadata of version 2 with one member changed.
json with(const char* name, const json& value) {
  json array = kArray2;
  array[name] = value;
  return array;
}

/// A group with the array "x", whose chunk 0.0 holds 1 2 3 4.
class Store {
 public:
  explicit Store(const json& zarray, const json& zattrs = json::object()) {
    folder_.write(".zgroup", R"({"zarr_format": 2})");
    folder_.write("x/.zarray", zarray.dump());
    folder_.write("x/.zattrs", zattrs.dump());
    folder_.write("x/0.0", std::string("\1\0\2\0\3\0\4\0", 8));
  }
  std::vector<double> read() const {
    const ZarrGroup group(folder_.path());
    const ZarrArray& array = group.arrays().at(0);
    const std::vector<std::size_t> start(array.shape.size(), 0);
    return group.read(array, start, array.shape);
  }
  std::string error() const {
    return error_of([this] { read(); });
  }
  const TemporaryFolder& folder() const { return folder_; }

 private:
  TemporaryFolder folder_;
};

}  // namespace

TEST_CASE("chunks that are not there are the fill value") {
  CHECK(Store(kArray2).read() == std::vector<double>{1, 2, 7, 3, 4, 7});
  CHECK(Store(with("fill_value", nullptr)).read() == std::vector<double>{1, 2, 0, 3, 4, 0});
  CHECK(std::isnan(Store(with("fill_value", "NaN")).read()[2]));
  CHECK(std::isinf(Store(with("fill_value", "-Infinity")).read()[2]));
}

TEST_CASE("types, byte orders and orders of dimensions") {
  CHECK(Store(with("dtype", ">i2")).read() == std::vector<double>{256, 512, 7, 768, 1024, 7});
  CHECK(Store(with("order", "F")).read() == std::vector<double>{1, 3, 7, 2, 4, 7});
  json bytes = with("dtype", "|u1");
  bytes["chunks"] = {2, 4};
  CHECK(Store(bytes).read() == std::vector<double>{1, 0, 2, 3, 0, 4});
}

TEST_CASE("a hyperslab may cross chunks") {
  const Store store(kArray2);
  const ZarrGroup group(store.folder().path());
  const std::vector<std::size_t> start = {1, 1}, count = {1, 2};
  CHECK(group.read(group.arrays().at(0), start, count) == std::vector<double>{4, 7});
  const std::vector<std::size_t> beyond = {1, 3};
  CHECK(contains(error_of([&] { group.read(group.arrays().at(0), start, beyond); }),
                 "'dim_1' has a length of 3 there, 4 is needed"));
}

TEST_CASE("what is not supported is named where it is read, and hinders nothing else") {
  const auto refused = [](const json& zarray) {
    const Store store(zarray);
    CHECK(ZarrGroup(store.folder().path()).arrays().size() == 1);
    return store.error();
  };
  CHECK(contains(refused(with("dtype", "<M8[ns]")), "its dtype is <M8[ns]"));
  CHECK(contains(refused(with("dtype", json::array({json::array({"a", "<f4"})}))),
                 "its dtype is [["));
  CHECK(contains(refused(with("filters", {{{"id", "delta"}}})), "it has the filters [{\"id\""));
  CHECK(
      contains(refused(with("compressor", {{"id", "zfpy"}})), "the codec 'zfpy' is not supported"));
  CHECK(contains(refused(with("chunks", {2, 4294967296})), "its chunks have more than 2 GiB"));
}

TEST_CASE("damaged metadata are one error that names the file and the value") {
  const std::vector<std::pair<json, const char*>> cases = {
      {with("shape", {-1, 3}), "\"shape\" holds -1, which is no length"},
      {with("shape", {1e300, 3}), "\"shape\" holds 1e+300"},
      {with("shape", {2.5, 3}), "\"shape\" holds 2.5"},
      {with("shape", "2"), "\"shape\" is \"2\", not a list"},
      {with("chunks", {2}), "it has 2 dimensions, its chunks have 1"},
      {with("order", "K"), "\"order\" is \"K\""},
      {with("dimension_separator", "-"), "\"dimension_separator\" is \"-\""},
      {with("compressor", {{"id", 3}}), "\"id\" is 3, not a text"}};
  for (const auto& [zarray, message] : cases) {
    const std::string error = Store(zarray).error();
    CAPTURE(error);
    CHECK(contains(error, "cannot read 'x' from "));
    CHECK(contains(error, "x/.zarray: "));
    CHECK(contains(error, message));
  }
  const Store store(kArray2);
  store.folder().write("x/.zarray", kArray2.dump().substr(0, 40));
  CHECK(contains(store.error(), ".zarray: it is cut off or no JSON"));
  store.folder().write("x/.zarray", std::string(100'000, '['));
  CHECK(contains(store.error(), ".zarray: its values are nested more than 100 deep"));
}

TEST_CASE("absurd shapes ask for no memory") {
  CHECK(contains(Store(with("shape", {1000000000, 1000000000})).error(),
                 "more than 33554432 values"));
  json sand = with("chunks", {1, 1});
  sand["shape"] = {2000, 2000};
  CHECK(contains(Store(sand).error(), "more than 1048576 chunks"));
}

TEST_CASE("a chunk of another size names its file") {
  CHECK(contains(Store(with("chunks", {2, 3})).error(),
                 "it holds 8 bytes, the array's chunks have 12"));
  const Store store(kArray2);
  store.folder().write("x/0.0", std::string(3000000, 'x'));
  CHECK(contains(store.error(), "x/0.0: it has 3000000 bytes, far more than a chunk of 8"));
}

TEST_CASE("version 3: shards and further codecs are refused, transposition is not") {
  json array = {{"zarr_format", 3},
                {"node_type", "array"},
                {"shape", {2, 3}},
                {"data_type", "int16"},
                {"chunk_grid", {{"name", "regular"}, {"configuration", {{"chunk_shape", {2, 2}}}}}},
                {"chunk_key_encoding", {{"name", "v2"}}},
                {"fill_value", 7},
                {"codecs", {{{"name", "bytes"}, {"configuration", {{"endian", "little"}}}}}}};
  const auto read = [&](const json& codecs) {
    array["codecs"] = codecs;
    const TemporaryFolder folder;
    folder.write("zarr.json", R"({"zarr_format": 3, "node_type": "group"})");
    folder.write("x/zarr.json", array.dump());
    folder.write("x/0.0", std::string("\1\0\2\0\3\0\4\0", 8));
    const ZarrGroup group(folder.path());
    const std::vector<std::size_t> start = {0, 0}, count = {2, 3};
    return group.read(group.arrays().at(0), start, count);
  };
  const json bytes = {{"name", "bytes"}, {"configuration", {{"endian", "little"}}}};
  const json transpose = {{"name", "transpose"}, {"configuration", {{"order", {1, 0}}}}};
  const json shards = {{"name", "sharding_indexed"}};
  CHECK(read(json::array({bytes})) == std::vector<double>{1, 2, 7, 3, 4, 7});
  CHECK(read(json::array({transpose, bytes})) == std::vector<double>{1, 3, 7, 2, 4, 7});
  CHECK(contains(error_of([&] { read(json::array({shards})); }), "its chunks are in shards"));
  CHECK(contains(error_of([&] {
                   read(json::array({bytes, "crc32c"}));
                 }),
                 "the codec 'crc32c' is not supported"));
}
