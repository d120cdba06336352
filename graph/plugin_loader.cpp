#include "graph/plugin_loader.h"

#include <dlfcn.h>

#include <algorithm>

#include "graph/param.h"
#include "graph/plugin_file.h"
#include "graph/plugin_search.h"
#include "graph/run_settings.h"
#include "graph/version.h"

namespace ladcast {
namespace fs = std::filesystem;
namespace {

std::string build_text(std::uint32_t abi, std::string_view build, const std::string& libtorch) {
  return fmt::format("ABI {}, {}{}", abi, build, libtorch.empty() ? "" : ", " + libtorch);
}

void check_build(const Plugin& plugin, const fs::path& file) {
  const std::string wanted = plugin.libtorch, ours = version_of("LibTorch");
  if (plugin.abi == kPluginAbi && plugin.build == kPluginBuild &&
      (wanted.empty() || wanted == ours))
    return;
  const auto libtorch = [&](const std::string& version) {
    if (wanted.empty()) return std::string();
    return version.empty() ? std::string("no LibTorch") : "LibTorch " + version;
  };
  throw PluginError(
      fmt::format("plugin '{}' ({}) was built for {}; this ladcast-flow needs {}; rebuild it",
                  plugin.name, file.string(),
                  build_text(plugin.abi, plugin.build, libtorch(wanted)),
                  build_text(kPluginAbi, kPluginBuild, libtorch(ours))),
      "");
}

/// The plugin's list, filled by its constructors.
const NodeEntry* open_library(const Plugin& plugin, const fs::path& file) {
  void* library = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library)
    throw PluginError(fmt::format("plugin '{}' does not load: {}", plugin.name, ::dlerror()),
                      "it lacks a library, or was built against another ladcast-flow; rebuild it");
  return *static_cast<const Plugin*>(::dlsym(library, "ladcast_plugin"))->list;
}

bool is_loaded(const std::string& file) {
  const auto types = node_types();
  return std::any_of(types.begin(), types.end(),
                     [&](const NodeType* type) { return type->file == file; });
}

std::vector<Setting> entries_of(const Setting& table, const char* key) {
  const Setting* setting = table.find(key);
  if (!setting) return {};
  return setting->is_list() ? setting->list() : std::vector<Setting>{*setting};
}

/// Folders that relative paths of a pipeline may start from.
std::vector<fs::path> roots_of(const Pipeline& pipeline) {
  const auto& source = pipeline.root.position().source;
  if (!source) return {};
  return {source->folder, source->folder / ".."};
}

}  // namespace

std::string load_plugin(const fs::path& path) {
  const fs::path file = fs::canonical(path);
  if (is_loaded(file)) return file;
  const Plugin plugin = read_plugin(file);
  check_build(plugin, file);
  const NodeEntry* list = open_library(plugin, file);
  if (!list)
    throw PluginError(fmt::format("plugin '{}' ({}) has no nodes", plugin.name, file.string()),
                      "register them with LADCAST_NODE");
  try {
    add_node_types(list, file);
  } catch (const Error& error) {
    throw PluginError(error.what(), "rename one, or load one of them only");
  }
  return file;
}

void load_environment_plugins() {
  for (const auto& folder : environment_plugin_folders()) {
    for (const auto& file : plugin_files(folder)) {
      try {
        load_plugin(file);
      } catch (const NotAPlugin&) {
        continue;
      }
    }
  }
}

bool load_plugins(const Pipeline& pipeline, Diagnostics& diagnostics) {
  const Setting& table = pipeline.table("plugins");
  const std::size_t before = diagnostics.count();
  check_keys(table, "[plugins]", {"path", "load"}, diagnostics);
  const auto each = [&](const char* key, auto action) {
    for (const Setting& entry : entries_of(table, key)) {
      try {
        action(entry.as_text());
      } catch (const PluginError& error) {
        diagnostics.error({entry.position(), error.message, "", error.cure});
      } catch (const Error& error) {
        diagnostics.error({entry.position(), fmt::format("plugins.{}: {}", key, error.what()), "",
                           "write plugins.path = [\"folder\"] and plugins.load = [\"name\"]"});
      }
    }
  };
  const auto roots = roots_of(pipeline);
  std::vector<fs::path> folders;
  each("path", [&](const std::string& folder) {
    for (const auto& candidate : candidates(folder, roots)) folders.push_back(candidate);
  });
  each("load", [&](const std::string& name) { load_plugin(find_plugin(name, folders, roots)); });
  return diagnostics.count() == before;
}

}  // namespace ladcast
