// Where the values of a file come from, as its global attributes tell it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "graph/run_origin.h"

namespace ladcast {

/// source, history, references, the seed where there is one, and what tells this pipeline's files
/// from others' (ladcast_pipeline). Without times and folders: equal runs write equal files.
/// `steps` is the history of the fields.
std::map<std::string, std::string> provenance(const RunOrigin& origin,
                                              const std::vector<std::string>& steps,
                                              std::optional<std::uint64_t> seed);

}  // namespace ladcast
