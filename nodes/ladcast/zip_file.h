// Reads uncompressed zip archives (PKWARE APPNOTE 6.3, without zip64), the container of .pt files.
#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>

namespace ladcast {

/// The stored entries of an archive by name; the spans look into `archive`. Throws Error if the
/// archive is cut off or damaged (checksums are verified), or uses compression, encryption or
/// zip64.
std::map<std::string, std::span<const std::byte>> read_zip(std::span<const std::byte> archive);

}  // namespace ladcast
