#include "graph/plugin_search.h"

#include <algorithm>
#include <cstdlib>
#include <sstream>

#include "graph/diagnostics.h"
#include "graph/install.h"
#include "graph/plugin_file.h"

namespace ladcast {
namespace fs = std::filesystem;
namespace {

bool is_path(const std::string& name) {
  return name.find('/') != std::string::npos || name.ends_with(".so");
}

void append(std::vector<fs::path>& list, const std::vector<fs::path>& more) {
  list.insert(list.end(), more.begin(), more.end());
}

}  // namespace

std::vector<fs::path> environment_plugin_folders() {
  std::vector<fs::path> folders;
  const char* list = std::getenv("LADCAST_PLUGIN_PATH");
  std::istringstream stream(list ? list : "");
  for (std::string folder; std::getline(stream, folder, ':');)
    if (!folder.empty()) folders.emplace_back(folder);
  return folders;
}

std::vector<fs::path> plugin_files(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code absent;
  for (const auto& entry : fs::directory_iterator(folder, absent))
    if (entry.path().extension() == ".so") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<fs::path> candidates(const fs::path& path, const std::vector<fs::path>& roots) {
  std::vector<fs::path> all{path};
  if (path.is_relative())
    for (const auto& root : roots) all.push_back((root / path).lexically_normal());
  return all;
}

fs::path find_plugin(const std::string& name, const std::vector<fs::path>& folders,
                     const std::vector<fs::path>& roots) {
  std::vector<fs::path> tries;
  if (is_path(name)) {
    tries = candidates(name, roots);
  } else {
    std::vector<fs::path> all = folders;
    append(all, environment_plugin_folders());
    append(all, installed_plugin_folders());
    for (const auto& folder : all)
      append(tries, {folder / ("lib" + name + ".so"), folder / (name + ".so")});
  }
  std::vector<std::string> tried;
  for (const auto& file : tries) {
    std::error_code unreadable;
    if (fs::is_regular_file(file, unreadable)) return file;
    tried.push_back(file.string());
  }
  throw PluginError(
      "there is no plugin '" + name + "'",
      (is_path(name) ? "" : "name its folder in plugins.path or LADCAST_PLUGIN_PATH; ") +
          ("tried " + join(tried)));
}

}  // namespace ladcast
