// Nested settings as a list of paths and values.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "graph/setting.h"

namespace ladcast {

/// "nodes.denoise.steps" and "10" for each value inside nested tables, in their order, as TOML.
/// `path` stands before all of them; empty for none.
std::vector<std::pair<std::string, std::string>> flatten(const Setting& setting,
                                                         const std::string& path);

}  // namespace ladcast
