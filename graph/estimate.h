// The static memory bound of a run, from the plan and the specs alone.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "graph/graph.h"

namespace ladcast {

struct Estimate {
  /// One output of one node.
  struct Row {
    std::string node;
    std::string port;
    std::string payload;        // type
    std::int64_t messages = 0;  // in the whole run
    std::int64_t alive = 0;     // at most at once
    std::size_t bytes = 0;      // of one payload
  };
  /// Of the nodes on one device of one lane.
  struct LaneMemory {
    std::size_t resident = 0;
    std::size_t scratch = 0;
    std::size_t total() const { return resident + scratch; }
  };
  std::vector<Row> rows;
  std::int64_t payloads = 0;      // alive at once, at most
  std::size_t payload_bytes = 0;  // of them
  std::size_t fold_bytes = 0;     // of open folds
  std::size_t resident = 0;       // weights and tables of all nodes
  std::size_t scratch = 0;        // of all bodies that can run at once
  std::vector<LaneMemory> lanes;  // what of the two is on graph.lanes, on each of their devices
  std::size_t program = 0;        // code, libraries and buffers without any work

  std::size_t total() const { return payload_bytes + fold_bytes + resident + scratch + program; }
};

/// in_flight x (state + window x frames x what the edges of one lead carry) + sources along lead +
/// gathers and folds + messages of items; beside it what the nodes themselves say they hold.
Estimate estimate(const Graph& graph);

}  // namespace ladcast
