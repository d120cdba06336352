// NumPy's .npy files, format version 1.0 (numpy.lib.format): float32, C order, little-endian.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace ladcast {

/// Everything before the numbers: magic, version, length and the header itself, padded with spaces
/// so that the numbers start at a multiple of 64 bytes.
std::string npy_header(const std::vector<std::size_t>& shape);

/// Writes to a temporary name beside `file` and renames it. Requires: as many values as `shape`
/// says. Throws Error.
void write_npy(const std::filesystem::path& file, std::span<const float> values,
               const std::vector<std::size_t>& shape);

}  // namespace ladcast
