// Runs a graph of toy nodes with the engine's Gate, Inboxes, tickets and Lane on plain threads, so
// that ThreadSanitizer sees every hand-over and needs no suppression.
#pragma once

#include "graph/graph.h"

namespace ladcast::toy {

/// Opens no node and finishes none. Returns the number of payloads that are alive afterwards.
std::size_t run_plainly(Graph& graph, int threads);

}  // namespace ladcast::toy
