// Finds out what a run is made from.
#pragma once

#include <string>
#include <vector>

#include "graph/graph.h"
#include "graph/run_origin.h"

namespace ladcast {

/// `devices` of the lanes, resolved. Reads all files that the nodes name. Throws Error.
RunOrigin origin_of(const Graph& graph, const std::vector<std::string>& devices);

}  // namespace ladcast
