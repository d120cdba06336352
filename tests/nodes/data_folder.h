// Files of public projects that tests read in place, where they are there.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>

namespace ladcast {

/// LADCAST_DATA, or the folder beside the checkout.
inline std::filesystem::path data_folder() {
  const char* given = std::getenv("LADCAST_DATA");
  return given != nullptr ? given : "../shared/data";
}

/// A file of that folder; nothing, with a loud line, where it is absent.
inline std::optional<std::filesystem::path> data_file(const std::string& name) {
  const auto path = data_folder() / name;
  if (std::filesystem::exists(path)) return path;
  std::printf("  ABSENT: %s, its comparisons are SKIPPED\n", path.c_str());
  return {};
}

}  // namespace ladcast
