// Zarr stores: metadata, chunks, and both together.
#include <fmt/format.h>

#include <algorithm>

#include "graph/error.h"
#include "graph/whole_file.h"
#include "nodes/ingest/zarr_file.h"
#include "nodes/values/zarr_codec.h"
#include "tests/fuzz/parsers.h"

namespace ladcast::fuzz {
namespace {

namespace fs = std::filesystem;

const std::string kStores = "tests/data/zarr/";
constexpr const char* kGroup = R"({"zarr_format": 2})";

// The first byte says how the store is laid out: consolidated or not, version 2 or 3.

std::vector<std::string> valid_metadata() {
  const auto text = [](const std::string& name) { return read_whole_file(kStores + name); };
  std::vector<std::string> all;
  std::string in2, in3;
  for (const std::string name : {"geopotential", "time", "land_sea_mask"}) {
    const std::string array = text("v2_blosc/" + name + "/.zarray");
    const std::string attributes = text("v2_blosc/" + name + "/.zattrs");
    const std::string both = text("v3_zstd/" + name + "/zarr.json");
    all.push_back("1" + array + "\x1e" + attributes);
    all.push_back("3" + both);
    in2 = fmt::format(R"("{0}/.zarray": {1}, "{0}/.zattrs": {2})", name, array, attributes);
    in3 = fmt::format(R"("{}": {})", name, both);
  }
  all.push_back("0{\"metadata\": {" + in2 + "}}");
  all.push_back(R"(2{"node_type": "group", "consolidated_metadata": {"metadata": {)" + in3 + "}}}");
  return all;
}

fs::path metadata_store(const std::string& input) {
  const auto parts = split(input.empty() ? input : input.substr(1));
  switch (input.empty() ? 0 : input[0] % 4) {
    case 0:
      scratch_file("v2c/.zgroup", kGroup);
      return scratch_file("v2c/.zmetadata", parts[0]).parent_path();
    case 1:
      scratch_file("v2/a/.zarray", parts[0]);
      scratch_file("v2/a/.zattrs", parts.size() > 1 ? parts[1] : "{}");
      return scratch_file("v2/.zgroup", kGroup).parent_path();
    case 2:
      return scratch_file("v3c/zarr.json", parts[0]).parent_path();
    default:
      scratch_file("v3/a/zarr.json", parts[0]);
      return scratch_file("v3/zarr.json", R"({"zarr_format": 3, "node_type": "group"})")
          .parent_path();
  }
}

/// Reads a corner of each array.
void read_store(const fs::path& store) {
  const auto file = open_zarr(store);
  for (const CfVariable& variable : file->variables()) {
    file->text(variable, "units");
    const std::vector<std::size_t> start(variable.dimensions.size());
    std::vector<std::size_t> count;
    for (const auto& [name, length] : variable.dimensions)
      count.push_back(std::min<std::size_t>(length, 5));
    file->values(variable, start, count);
  }
}

void read_metadata(const std::string& input) { read_store(metadata_store(input)); }

// The codec, the length in two bytes, the chunk.

struct Sample {
  char codec;
  const char* chunk;
  std::size_t size;
};

std::vector<std::string> valid_chunks() {
  constexpr Sample samples[] = {{'b', "v2_blosc/geopotential/0.0.0.0", 192},
                                {'b', "v2_mixed/geopotential/0.0.0.0", 192},
                                {'s', "v2_zstd/geopotential/0/0/0/0", 96},
                                {'z', "v2_zlib/geopotential/0.0.0.0", 576},
                                {'g', "v3_gzip/geopotential/0.0.0.0", 96},
                                {'4', "v2_mixed/total_precipitation_6hr/0.0.0", 96}};
  std::vector<std::string> all;
  const auto add = [&](char codec, std::size_t size, const std::string& chunk) {
    all.push_back({codec, static_cast<char>(size & 0xFF), static_cast<char>(size >> 8)});
    all.back() += chunk;
  };
  for (const auto& [codec, chunk, size] : samples)
    add(codec, size, read_whole_file(kStores + chunk));
  std::string numbers;
  for (int i = 0; i < 2000; ++i) numbers += static_cast<char>(i * i % 251);
  add('s', numbers.size(), compress_zstd(numbers, 3));
  add('r', 2000, numbers);
  return all;
}

void read_chunk(const std::string& input) {
  if (input.size() < 3) fail("too short");
  const auto byte = [&](std::size_t i) {
    return static_cast<std::size_t>(static_cast<unsigned char>(input[i]));
  };
  using enum ZarrCodec;
  const ZarrCodec codec = input[0] == 'b'   ? blosc
                          : input[0] == 's' ? zstd
                          : input[0] == 'z' ? zlib
                          : input[0] == 'g' ? gzip
                          : input[0] == '4' ? lz4
                                            : none;
  decompress(codec, std::string_view(input).substr(3), byte(1) | byte(2) << 8);
}

// .zarray and the one chunk 0.0 of an array.

std::vector<std::string> valid_arrays() {
  std::string bytes;
  for (int i = 0; i < 48; ++i) bytes += static_cast<char>(37 * i);
  const auto array = [](const std::string& rest) {
    return R"({"zarr_format": 2, "shape": [3, 4], "chunks": [3, 4], "filters": null, )" + rest +
           "}";
  };
  return {array(R"("dtype": "<f4", "order": "C", "fill_value": "NaN", "compressor": null)") +
              "\x1e" + bytes,
          array(R"("dtype": ">i2", "order": "F", "fill_value": 0, "compressor": null)") + "\x1e" +
              bytes.substr(0, 24),
          array(R"("dtype": "<f4", "order": "C", "fill_value": 0, "compressor": {"id": "zstd"})") +
              "\x1e" + compress_zstd(bytes, 1)};
}

void read_array(const std::string& input) {
  const auto end = std::min(input.find('\x1e'), input.size());
  scratch_file("array/.zgroup", kGroup);
  scratch_file("array/a/.zarray", input.substr(0, end));
  scratch_file("array/a/0.0", end < input.size() ? input.substr(end + 1) : "");
  read_store(scratch() / "array");
}

const std::vector<std::string> kWords = {
    "shape",
    "chunks",
    "dtype",
    "compressor",
    "filters",
    "fill_value",
    "order",
    "\"F\"",
    "blosc",
    "zstd",
    "gzip",
    "lz4",
    "\"<f4\"",
    "\">f8\"",
    "\"|b1\"",
    "\"<i8\"",
    "\"<U3\"",
    "_FillValue",
    "codecs",
    "transpose",
    "chunk_shape",
    "sharding_indexed",
    "attributes",
    "\"data_type\": \"float64\"",
    "{\"name\":\"transpose\",\"configuration\":{\"order\":[1,0]}},"};

}  // namespace

void add_zarr(std::vector<Parser>& all) {
  all.push_back({"zarr_metadata", valid_metadata, read_metadata, kWords});
  all.push_back({"zarr_chunk", valid_chunks, read_chunk});
  all.push_back({"zarr_array", valid_arrays, read_array, kWords});
}

}  // namespace ladcast::fuzz
