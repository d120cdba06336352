// The part of the plan that a run has to do: all of it, or after a resume what some sink lacks.
//
// A task is needed if it is a sink's that is not done, or if a needed task reads what it sends. A
// rollout's task whose state was saved needs no input: the walk back ends there. So a resumed run
// starts each trajectory at the last saved state before the first result that is missing.
//
// An Ordered stage that others read knows what it saw before, and has to see all of it again. One
// that saves states begins at the last state at or before the first key that somebody needs, and
// sees all keys from there on. It is brought to its end also where nobody needs a key, unless the
// whole plan was done: what it makes of its state at the end may not be there yet.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "graph/graph.h"

namespace ladcast {

/// What an earlier run left behind. Each is asked for one task.
struct Done {
  std::function<bool(int node, const Key& key)> committed;  // a sink keeps what the task brought
  std::function<bool(int node, const Key& key)> saved;      // the state before the task is there
  bool ended = false;                                       // the whole plan was done
};

/// The keys that an Ordered stage sees in one order: places among Plan::keys(), from `first` in
/// steps of `step` to before `end`.
struct KeyScope {
  std::int64_t first = 0;
  std::int64_t end = 0;
  std::int64_t step = 1;
};

/// The scope of a node that a key belongs to.
KeyScope scope_of(const Plan& plan, const Axes& axes, Within within, const Key& key);

/// Thread-safe once made.
class Work {
 public:
  /// The whole plan.
  explicit Work(const Graph& graph);
  /// What is left of it.
  Work(const Graph& graph, const Done& done);

  bool needs(int node, const Key& key) const;
  /// Whether the task starts from its saved state.
  bool restored(int node, const Key& key) const;
  /// Whether it has no inputs for that: a rollout's.
  bool without_inputs(int node, const Key& key) const;
  /// Needed keys of a node in plan order.
  std::vector<Key> keys(int node) const;
  /// The first needed key of a node in an item, of the batch where the node has batches, that is
  /// not before `lead`.
  std::optional<Key> next(int node, int item, int batch, int lead) const;
  std::int64_t count() const { return count_; }
  /// Tasks of a node, and those of an item among them.
  std::int64_t count_of(int node) const;
  int count_of(int node, int item) const;
  /// Tasks of an item.
  std::int64_t count_in(int item) const { return by_item_[static_cast<std::size_t>(item)]; }

  /// Gives an item up: its tasks are not needed any more.
  void skip(int item) { skipped_[static_cast<std::size_t>(item)] = true; }
  bool skipped(int item) const { return skipped_[static_cast<std::size_t>(item)]; }

 private:
  enum Mark : unsigned char { kNot, kNeeded, kRestored };

  std::size_t place(int node, const Key& key) const;
  const GraphNode& node_at(int node) const { return graph_.nodes[static_cast<std::size_t>(node)]; }
  std::vector<Mark>& marks_of(int node) { return marks_[static_cast<std::size_t>(node)]; }
  void need_at(int node, std::int64_t place);
  void need_what_is_lacking(int node, const Done& done);
  void need(int node, const Key& key);
  void need_message(const Origin& origin, const Key& key);
  void need_inputs(int node, const Key& key);
  void need_port(int node, std::size_t port, const Key& key);
  bool settle_all(const Done& done);
  bool settle_rollout(int node, int item, int batch, const Done& done);
  bool settle_states(int node, const Done& done);
  void drain();
  void count_marks();

  const Graph& graph_;
  std::vector<std::vector<Mark>> marks_;  // by node, then item, lead, batch
  std::vector<std::pair<int, Key>> open_;
  std::vector<std::int64_t> by_item_;
  std::int64_t count_ = 0;
  std::vector<std::atomic<bool>> skipped_;
};

}  // namespace ladcast
