// Files that get their names when they are complete.
#pragma once

#include <filesystem>

namespace ladcast {

/// The name under which `path` is written; makes its folder. Throws Error.
std::filesystem::path temporary_beside(const std::filesystem::path& path);

/// Renames the closed file. Throws Error.
void give_name(const std::filesystem::path& temporary, const std::filesystem::path& path);

}  // namespace ladcast
