// Files that are there completely or not at all.
#pragma once

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <string>
#include <string_view>

namespace ladcast {

/// All bytes of a file from `offset` on. Throws Error.
std::string read_whole_file(const std::filesystem::path& file, std::uintmax_t offset = 0);

/// Waits until what was written to a file, or which files a folder has, is on the disk. Throws
/// Error.
void sync_to_disk(const std::filesystem::path& file);

/// Makes the folder that `file` is to be in, where there is none. Throws Error.
void make_folder_of(const std::filesystem::path& file);

/// Makes the folder of `file`, writes `parts` one after the other to a temporary name beside it and
/// renames that. Throws Error and leaves no file behind.
void write_whole_file(const std::filesystem::path& file,
                      std::initializer_list<std::string_view> parts);
/// The same, and the file is on the disk when it returns.
void write_lasting_file(const std::filesystem::path& file,
                        std::initializer_list<std::string_view> parts);

}  // namespace ladcast
