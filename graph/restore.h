// Takes up what an earlier run did: sinks go on where they were.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "graph/graph.h"
#include "graph/journal.h"
#include "graph/work.h"

namespace ladcast {

class Restore {
 public:
  /// What the run does for it.
  struct Host {
    std::function<void(const GraphNode&, const std::function<void()>&)> at_home;
    std::function<void(const GraphNode&, const std::string& when, const std::string& what)> failed;
    std::function<void(const std::string& text)> notice;
    std::function<bool()> stopping;
  };

  Restore(Graph& graph, Journal& journal, Host host);

  /// Lets the sinks that keep what they made take it up.
  void take_up();
  /// What is there. Requires: take_up() was called; this outlives what is returned.
  Done done() const;
  /// Finishes the items of sinks that were complete.
  void finish_items(const Work& work);

 private:
  void take_up(int node);
  std::vector<Key> take_up(GraphNode& node, int item);
  void finish_items(int node, const Work& work);
  std::size_t place(int node, const Key& key) const;

  Graph& graph_;
  Journal& journal_;
  const Host host_;
  std::vector<std::vector<bool>> committed_;  // by node, then place; empty where nothing is kept
};

}  // namespace ladcast
