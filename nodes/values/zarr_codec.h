// Compression of the chunks of Zarr arrays. Thread-safe.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ladcast {

enum class ZarrCodec { none, zlib, gzip, zstd, blosc, lz4 };

/// The codec called `name` in Zarr's metadata, "zstd" for example. Throws Error where it is not
/// supported.
ZarrCodec find_zarr_codec(std::string_view name);

/// The bytes of a chunk. Throws Error unless they are exactly `size`. Never asks for more memory
/// than `size`, and for that only where the compressed bytes claim it too.
std::string decompress(ZarrCodec codec, std::string_view compressed, std::size_t size);

/// One frame of zstd. Equal bytes give equal frames.
std::string compress_zstd(std::string_view bytes, int level);

}  // namespace ladcast
