#include "nodes/values/zarr_codec.h"

#include <blosc.h>
#include <lz4.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <utility>

#include "graph/error.h"
#include "graph/version.h"

namespace ladcast {
namespace {

const VersionNote blosc{"Blosc", [] { return std::string(BLOSC_VERSION_STRING); }};
const VersionNote zlib{"zlib", [] { return std::string(zlibVersion()); }};
const VersionNote zstd{"Zstandard", [] { return std::string(ZSTD_versionString()); }};

constexpr std::array<std::pair<std::string_view, ZarrCodec>, 5> kCodecs = {
    {{"zlib", ZarrCodec::zlib},
     {"gzip", ZarrCodec::gzip},
     {"zstd", ZarrCodec::zstd},
     {"blosc", ZarrCodec::blosc},
     {"lz4", ZarrCodec::lz4}}};

void require_size(std::uint64_t found, std::size_t wanted) {
  if (found != wanted) fail("it holds {} bytes, the array's chunks have {}", found, wanted);
}

/// Collects what a decoder makes piece by piece, so that memory grows with what is really there.
class Pieces {
 public:
  explicit Pieces(std::size_t size) : size_(size) {}

  std::array<char, 1 << 16>& piece() { return piece_; }
  void take(std::size_t count) {
    if (count > size_ - bytes_.size()) fail("it holds more than the {} bytes of a chunk", size_);
    bytes_.append(piece_.data(), count);
  }
  std::string all() {
    require_size(bytes_.size(), size_);
    return std::move(bytes_);
  }

 private:
  std::size_t size_;
  std::string bytes_;
  std::array<char, 1 << 16> piece_{};
};

/// zlib and gzip, told apart by their first bytes; gzip may have several members.
std::string inflate_all(std::string_view compressed, std::size_t size) {
  z_stream stream{};
  if (inflateInit2(&stream, 15 + 32) != Z_OK) fail("zlib cannot start");
  const std::unique_ptr<z_stream, int (*)(z_stream*)> owner(&stream, inflateEnd);
  std::string input(compressed);  // zlib's interface is not const
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  Pieces pieces(size);
  while (true) {
    stream.next_out = reinterpret_cast<Bytef*>(pieces.piece().data());
    stream.avail_out = static_cast<uInt>(pieces.piece().size());
    const int status = inflate(&stream, Z_NO_FLUSH);
    if (status != Z_OK && status != Z_STREAM_END)
      fail("it is cut off or damaged (zlib: {})", stream.msg ? stream.msg : zError(status));
    pieces.take(pieces.piece().size() - stream.avail_out);
    if (status != Z_STREAM_END) continue;
    if (stream.avail_in == 0) return pieces.all();
    if (inflateReset(&stream) != Z_OK) fail("zlib cannot go on");
  }
}

std::string decompress_zstd(std::string_view compressed, std::size_t size) {
  const auto claimed = ZSTD_getFrameContentSize(compressed.data(), compressed.size());
  if (claimed == ZSTD_CONTENTSIZE_ERROR) fail("it is no zstd frame");
  if (claimed != ZSTD_CONTENTSIZE_UNKNOWN) require_size(claimed, size);
  const std::unique_ptr<ZSTD_DStream, std::size_t (*)(ZSTD_DStream*)> stream(ZSTD_createDStream(),
                                                                             ZSTD_freeDStream);
  ZSTD_inBuffer in{compressed.data(), compressed.size(), 0};
  Pieces pieces(size);
  while (true) {
    ZSTD_outBuffer out{pieces.piece().data(), pieces.piece().size(), 0};
    const std::size_t before = in.pos;
    const std::size_t status = ZSTD_decompressStream(stream.get(), &out, &in);
    if (ZSTD_isError(status)) fail("it is damaged (zstd: {})", ZSTD_getErrorName(status));
    pieces.take(out.pos);
    if (status == 0 && in.pos == in.size) return pieces.all();
    if (in.pos == before && out.pos == 0) fail("it is cut off");
  }
}

std::string decompress_blosc(std::string_view compressed, std::size_t size) {
  std::size_t claimed = 0;
  if (blosc_cbuffer_validate(compressed.data(), compressed.size(), &claimed) != 0)
    fail("it is cut off or no Blosc buffer");
  require_size(claimed, size);
  std::string bytes(size, '\0');
  const int count = blosc_decompress_ctx(compressed.data(), bytes.data(), size, 1);
  if (count < 0 || static_cast<std::size_t>(count) != size)
    fail("it is damaged, or Blosc {} lacks its codec", BLOSC_VERSION_STRING);
  return bytes;
}

/// As numcodecs writes it: the size in four bytes, little-endian, then one LZ4 block.
std::string decompress_lz4(std::string_view compressed, std::size_t size) {
  constexpr std::size_t kHeader = 4, kLargestRatio = 255;
  if (compressed.size() < kHeader) fail("it is cut off");
  std::uint32_t claimed = 0;
  for (std::size_t i = 0; i < kHeader; ++i)
    claimed |= std::uint32_t{static_cast<unsigned char>(compressed[i])} << (8 * i);
  require_size(claimed, size);
  if (size / kLargestRatio > compressed.size()) fail("it is cut off");
  std::string bytes(size, '\0');
  const int count =
      LZ4_decompress_safe(compressed.data() + kHeader, bytes.data(),
                          static_cast<int>(compressed.size() - kHeader), static_cast<int>(size));
  if (count < 0 || static_cast<std::size_t>(count) != size) fail("it is damaged (LZ4)");
  return bytes;
}

}  // namespace

ZarrCodec find_zarr_codec(std::string_view name) {
  const auto found = std::find_if(kCodecs.begin(), kCodecs.end(),
                                  [&](const auto& known) { return known.first == name; });
  if (found != kCodecs.end()) return found->second;
  fail("the codec '{}' is not supported; write the store again with blosc, zstd, gzip or zlib",
       name);
}

std::string decompress(ZarrCodec codec, std::string_view compressed, std::size_t size) {
  constexpr std::size_t kLargest = std::numeric_limits<int>::max();  // of zlib, Blosc and LZ4
  if (compressed.size() > kLargest || size > kLargest) fail("it is larger than 2 GiB");
  switch (codec) {
    case ZarrCodec::none:
      require_size(compressed.size(), size);
      return std::string(compressed);
    case ZarrCodec::zlib:
    case ZarrCodec::gzip:
      return inflate_all(compressed, size);
    case ZarrCodec::zstd:
      return decompress_zstd(compressed, size);
    case ZarrCodec::blosc:
      return decompress_blosc(compressed, size);
    case ZarrCodec::lz4:
      return decompress_lz4(compressed, size);
  }
  return {};
}

std::string compress_zstd(std::string_view bytes, int level) {
  std::string frame(ZSTD_compressBound(bytes.size()), '\0');
  const std::size_t size =
      ZSTD_compress(frame.data(), frame.size(), bytes.data(), bytes.size(), level);
  if (ZSTD_isError(size)) fail("zstd cannot compress: {}", ZSTD_getErrorName(size));
  frame.resize(size);
  return frame;
}

}  // namespace ladcast
