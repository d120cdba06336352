// Files that are there completely or not at all.
#pragma once

#include <filesystem>
#include <initializer_list>
#include <string>
#include <string_view>

namespace ladcast {

/// All bytes of a file. Throws Error.
std::string read_whole_file(const std::filesystem::path& file);

/// Waits until what was written to a file is on the disk. Throws Error.
void sync_to_disk(const std::filesystem::path& file);

/// Writes `parts` one after the other to a temporary name beside `file` and renames it. Throws
/// Error and leaves nothing behind.
void write_whole_file(const std::filesystem::path& file,
                      std::initializer_list<std::string_view> parts);

}  // namespace ladcast
