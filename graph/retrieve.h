// How `ladcast-flow retrieve` learns which data a pipeline reads: graph/ itself knows no channels.
#pragma once

#include <functional>
#include <string>
#include <utility>

#include "graph/graph.h"

namespace ladcast {

struct RetrieveOptions {
  std::string format = "cds";  // or "mars"
  bool leads = false;          // also for nodes that read valid times of the forecast
};

/// The requests for what a pipeline that was read (read_graph) needs. Throws Error.
using Retrieve = std::function<std::string(const Graph&, const RetrieveOptions&)>;

/// Made once at namespace scope by the library that knows channels.
class Retriever {
 public:
  explicit Retriever(Retrieve retrieve) { registered() = std::move(retrieve); }

  /// Empty where no such library is linked.
  static Retrieve& registered() {
    static Retrieve retrieve;
    return retrieve;
  }
};

}  // namespace ladcast
