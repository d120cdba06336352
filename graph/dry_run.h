// What a short part of a run tells of the whole.
#pragma once

#include <cstdint>
#include <string>

#include "graph/graph.h"
#include "graph/trace_file.h"

namespace ladcast {

/// A table of the nodes of `whole` by the time that its tasks will take, and the time of the run:
/// that of the lane with the most work. Times are medians of `part`, a trace of the same nodes, so
/// that what only some tasks do, as a validation, is not counted.
std::string dry_run_text(const TraceFile& part, const Graph& whole);

}  // namespace ladcast
