#include "nodes/values/zarr_codec.h"

#include <doctest/doctest.h>

#include <vector>

#include "graph/whole_file.h"
#include "tests/nodes/error_message.h"

using namespace ladcast;

namespace {

struct Sample {
  const char* codec;
  const char* chunk;  // in tests/data/zarr
  std::size_t size;
};

const std::vector<Sample> kSamples = {{"blosc", "v2_blosc/geopotential/0.0.0.0", 192},
                                      {"blosc", "v2_mixed/geopotential/0.0.0.0", 192},
                                      {"zstd", "v2_zstd/geopotential/0/0/0/0", 96},
                                      {"zlib", "v2_zlib/geopotential/0.0.0.0", 576},
                                      {"gzip", "v3_gzip/geopotential/0.0.0.0", 96},
                                      {"lz4", "v2_mixed/total_precipitation_6hr/0.0.0", 96}};

}  // namespace

TEST_CASE(
    "a chunk that does not have the size of the array's chunks is refused before it is made") {
  for (const Sample& sample : kSamples) {
    CAPTURE(sample.chunk);
    const std::size_t size = sample.size;
    const std::string bytes = read_whole_file(std::string("tests/data/zarr/") + sample.chunk);
    const ZarrCodec how = find_zarr_codec(sample.codec);
    CHECK(decompress(how, bytes, size).size() == size);
    for (const std::size_t wrong : {size - 1, size + 1, std::size_t{1} << 30})
      CHECK(contains(error_of([&] { decompress(how, bytes, wrong); }), "it holds"));
    CHECK(contains(error_of([&] { decompress(how, bytes, std::size_t{1} << 40); }),
                   "larger than 2 GiB"));
  }
  CHECK(contains(error_of([] { decompress(ZarrCodec::none, "abc", 4); }), "it holds 3 bytes"));
}

TEST_CASE("a chunk that is cut off anywhere is refused") {
  for (const Sample& sample : kSamples) {
    CAPTURE(sample.chunk);
    const ZarrCodec how = find_zarr_codec(sample.codec);
    const std::string bytes = read_whole_file(std::string("tests/data/zarr/") + sample.chunk);
    for (std::size_t length = 0; length < bytes.size(); ++length)
      CHECK_FALSE(error_of([&] { decompress(how, bytes.substr(0, length), sample.size); }).empty());
  }
}

TEST_CASE("what zstd compressed comes back, and equal bytes give equal frames") {
  std::string bytes;
  for (int i = 0; i < 100000; ++i) bytes += static_cast<char>(i % 251 * i % 251);
  const std::string frame = compress_zstd(bytes, 1);
  CHECK(frame.size() < bytes.size());
  CHECK(frame == compress_zstd(bytes, 1));
  CHECK(decompress(ZarrCodec::zstd, frame, bytes.size()) == bytes);
}

TEST_CASE("an unknown codec is named, with the cure") {
  CHECK(contains(error_of([] { find_zarr_codec("zfpy"); }), "the codec 'zfpy' is not supported"));
}
