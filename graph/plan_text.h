// A run in words and tables, before it starts.
#pragma once

#include <string>
#include <vector>

#include "graph/disk.h"
#include "graph/graph.h"

namespace ladcast {

/// One line: "LaDCast, 15 days: init 2002-01-11T00, 50 members in 5 batches, 60 leads to 360 h; 2
/// threads, lane model on cpu". `devices` are those of graph.lanes, resolved.
std::string run_line(const Graph& graph, const std::vector<std::string>& devices);

/// Trajectories, tasks and messages, files, memory and disk.
std::string plan_text(const Graph& graph, const std::vector<Volume>& volumes);

}  // namespace ladcast
