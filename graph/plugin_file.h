// Plugins as files: what one says about itself, read without running any of its code.
#pragma once

#include <filesystem>
#include <string>

#include "graph/error.h"
#include "graph/plugin.h"

namespace ladcast {

/// A plugin that cannot be used.
struct PluginError : Error {
  PluginError(const std::string& what_is, const std::string& what_to_do)
      : Error(what_is + (what_to_do.empty() ? "" : "\n      = " + what_to_do)),
        message(what_is),
        cure(what_to_do) {}

  std::string message;
  std::string cure;
};

/// The file is no plugin at all, rather than a bad one.
struct NotAPlugin : PluginError {
  using PluginError::PluginError;
};

/// The symbol `ladcast_plugin` of a shared library as it stands in the file, with a null `list`.
/// Throws NotAPlugin.
Plugin read_plugin(const std::filesystem::path& file);

}  // namespace ladcast
