// Files that are there completely or not at all.
#pragma once

#include <filesystem>
#include <initializer_list>
#include <string_view>

namespace ladcast {

/// Writes `parts` one after the other to a temporary name beside `file` and renames it. Throws
/// Error and leaves nothing behind.
void write_whole_file(const std::filesystem::path& file,
                      std::initializer_list<std::string_view> parts);

}  // namespace ladcast
