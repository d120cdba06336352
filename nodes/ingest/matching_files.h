// Files that are named by a pattern.
#pragma once

#include <filesystem>
#include <vector>

namespace ladcast {

/// The files that match `path`, in which * and ? stand for any characters and any one, sorted by
/// name; `path` itself where it has neither. Throws Error where none matches.
std::vector<std::filesystem::path> matching_files(const std::filesystem::path& path);

}  // namespace ladcast
