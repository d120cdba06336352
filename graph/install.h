// Where the files that come with the program are: in its build folder, or under its install prefix.
#pragma once

#include <filesystem>
#include <vector>

namespace ladcast {

/// Folders of the plugins that come with the program.
std::vector<std::filesystem::path> installed_plugin_folders();

/// Holds pipelines/ and examples/ where the program is installed.
std::filesystem::path installed_data_folder();

}  // namespace ladcast
