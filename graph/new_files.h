// What `ladcast-flow new` writes: a node in the tree of ladcast-flow, or a plugin in a folder of
// its own. It builds and its test passes as it is. Nothing that exists is overwritten.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace ladcast {

/// Adds the node type `name` and its test to nodes/`folder` and tests/nodes/`folder` of `tree`,
/// with their entries in both CMakeLists.txt. Returns the files written or changed. Throws Error.
std::vector<std::filesystem::path> new_node(const std::string& name, const std::string& folder,
                                            const std::filesystem::path& tree);

/// Writes a plugin with the node type `name` into `folder`: sources, test, CMakeLists.txt, pipeline
/// and README. Returns the files written. Throws Error.
std::vector<std::filesystem::path> new_plugin(const std::string& name,
                                              const std::filesystem::path& folder);

}  // namespace ladcast
