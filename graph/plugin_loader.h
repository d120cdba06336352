// Brings plugins into the program. They stay for good: payloads and node types refer to their code.
#pragma once

#include <filesystem>

#include "graph/pipeline.h"

namespace ladcast {

/// Loads a plugin and makes its node types known; a second time does nothing. Returns the file as
/// NodeType::file has it. Throws PluginError.
std::string load_plugin(const std::filesystem::path& file);

/// Loads what LADCAST_PLUGIN_PATH holds; other libraries in its folders are left alone. Throws
/// PluginError.
void load_environment_plugins();

/// Loads what the table [plugins] names. What is wrong goes to `diagnostics`; then it is false.
bool load_plugins(const Pipeline& pipeline, Diagnostics& diagnostics);

}  // namespace ladcast
