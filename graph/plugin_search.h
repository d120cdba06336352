// Where plugins are looked for.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace ladcast {

/// The folders of LADCAST_PLUGIN_PATH, separated by colons.
std::vector<std::filesystem::path> environment_plugin_folders();

/// Files in `folder` that look like plugins, by name. None where there is no such folder.
std::vector<std::filesystem::path> plugin_files(const std::filesystem::path& folder);

/// What a relative path may mean: from the current folder, or from one of `roots`.
std::vector<std::filesystem::path> candidates(const std::filesystem::path& path,
                                              const std::vector<std::filesystem::path>& roots);

/// The file of a plugin. A path, with a slash in it or .so at its end, is taken as candidates()
/// says; "heat" is libheat.so or heat.so in `folders`, then in those of LADCAST_PLUGIN_PATH, then
/// in those of the program. Throws PluginError with every path tried.
std::filesystem::path find_plugin(const std::string& name,
                                  const std::vector<std::filesystem::path>& folders,
                                  const std::vector<std::filesystem::path>& roots = {});

}  // namespace ladcast
