// What the nodes of a pipeline print while it runs.
#pragma once

#include <mutex>
#include <string>

#include "graph/graph.h"
#include "graph/pipeline.h"
#include "graph/runtime.h"

namespace ladcast {

inline std::string printed_by(const std::string& pipeline) {
  Graph graph = build_graph(parse_pipeline(pipeline, "test"));
  std::string printed;
  std::mutex mutex;
  RunOptions options;
  options.print = [&](const std::string& text) {
    const std::scoped_lock lock(mutex);
    printed += text;
  };
  run_graph(graph, options);
  return printed;
}

}  // namespace ladcast
