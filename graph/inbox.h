// The inbox of a node: gathers messages into tasks. Our join: any number of ports, any mixture of
// axes, and it can be asked what it lacks.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "graph/graph.h"
#include "graph/task.h"
#include "graph/work.h"

namespace ladcast {

/// Thread-safe.
class Inbox {
 public:
  using Tasks = std::vector<std::unique_ptr<Task>>;

  Inbox(const Graph& graph, const Work& work, int node, TaskHost& host);

  /// Takes a message for a port; `slot` counts the edges of a port with many. Returns the tasks
  /// that it completes, in order where the node asks for it.
  Tasks put(int port, int slot, Message message);
  /// A task has run: returns those that waited for it.
  Tasks done(Task& task);
  /// Gives an item up: its messages count as delivered where items are gathered, its keys as seen
  /// where there is an order. Returns the tasks that waited for it.
  Tasks skip(int item);
  /// What incomplete tasks lack, a line each, at most `lines`.
  std::vector<std::string> lacking(std::size_t lines) const;
  void clear();

 private:
  /// A task being gathered.
  struct Partial {
    std::unique_ptr<Task> task;
    int missing = 0;
    // Of a fold: values that came before their turn, and what has been gathered so far.
    std::map<int, Message> early;
    std::set<int> given_up;  // places that stay empty
    int next = 0;
    bool busy = false;
    std::shared_ptr<void> state;
  };
  /// The order of an Ordered node within one scope; there from the scope's first task to its last.
  struct Sequence {
    KeyScope keys;     // `first` is the one whose turn it is
    bool out = false;  // its task was released and has not come back
    std::map<Key, std::unique_ptr<Task>> waiting;
  };

  struct PortPlan {
    Axes axes;                                // of the messages
    int expected = 0;                         // messages for one task
    bool gathers[3] = {false, false, false};  // by Axis
  };

  std::vector<Key> task_keys(const PortPlan& port, const Key& key) const;
  int place(const InPort& input, const PortPlan& port, const Key& key, int slot) const;
  Partial& partial(const Key& key);
  void fill(const Key& key, int port, int place, const Message& message, Tasks& ready);
  void advance_fold(const Key& key, Partial& partial, int port, Tasks& ready);
  void complete(const Key& key, Tasks& ready);
  void give_up_place(const Key& key, int port, int place, Tasks& ready);
  void advance(Sequence& sequence, Tasks& ready);
  void release(std::unique_ptr<Task> task, Tasks& ready);
  Key name_of_scope(const Key& key) const;

  const Graph& graph_;
  const Work& work_;
  const GraphNode& node_;
  const int index_;
  TaskHost& host_;
  std::vector<PortPlan> ports_;
  int expected_ = 0;  // messages for one task over all ports

  mutable std::mutex mutex_;
  std::map<Key, Partial> partials_;
  std::map<Key, Sequence> sequences_;  // by the name of the scope
};

}  // namespace ladcast
