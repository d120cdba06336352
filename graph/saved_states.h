// Which states are kept of the stages that save them.
//
// A continued run begins such a stage at its last state at or before the first key that somebody
// needs. The items before some item are done, for good; their number only grows. So of the states
// that begin by then only the last is of use: the base. Those after it will be, as the work goes
// on. Each may be the next base, but one that waits for that must not be replaced again and again
// where states come faster than items are done. So three are kept: the base, the one after it, and
// the newest.
//
// A stage that others feed takes their keys from its own base on: what they keep begins by there.
#pragma once

#include <functional>
#include <mutex>
#include <string_view>
#include <vector>

#include "graph/graph.h"
#include "graph/journal.h"
#include "graph/work.h"

namespace ladcast {

/// Thread-safe.
class SavedStates {
 public:
  /// Knows the states that the journal holds. `item_is_done` says whether nothing of an item will
  /// be needed again, and is asked by one thread at a time.
  SavedStates(const Graph& graph, Journal& journal, std::function<bool(int item)> item_is_done);

  /// Keeps the state before `key`. It is on the disk when this returns. Throws Error.
  void save(int node, const Key& key, std::string_view state);
  /// Looks which items are done by now, and removes the states that this makes useless. Throws
  /// Error.
  void update();

 private:
  struct Saver {
    int node = 0;
    std::vector<Key> states;             // in plan order
    std::vector<std::size_t> followers;  // places in savers_ of those that it feeds
    int base = 0;                        // the item where a continued run begins at the earliest
  };

  bool begins_by(const Saver& saver, const Key& key, int item) const;
  std::vector<Key> take_useless(Saver& saver);
  void thin();

  const Graph& graph_;
  Journal& journal_;
  const std::function<bool(int item)> item_is_done_;

  std::mutex mutex_;
  std::vector<Saver> savers_;  // from sinks to sources
  int done_ = 0;               // all items before this one are done
};

}  // namespace ladcast
