// The Gate decides what runs next; TBB executes it.
//
// All ready work waits here in one order: nearest to a sink first, then smallest key. Work leaves
// when its trajectory is admitted, its step has a credit and a worker is free. One mutex guards
// everything: a hop takes microseconds, beside bodies of milliseconds and more, so clarity wins
// over lock-free cleverness.
//
// Why it cannot deadlock: workers are held only while a body runs, and bodies end. Every way from a
// rollout's state leads to a sink or back to its `next`, so a step credit returns unless its
// message waits in a gather or before an Ordered node. Credits are kept for each trajectory, so
// among the trajectories that such a node waits for, the one with the smallest lead holds no
// blocked credit and advances; by induction all arrive. The static rule `gather` makes sure that
// all of them are admitted.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "graph/graph.h"
#include "graph/task.h"
#include "graph/ticket.h"
#include "graph/work.h"

namespace ladcast {

class Trace;

class Gate {
 public:
  using Tasks = std::vector<std::unique_ptr<Task>>;

  /// `start` begins a task and takes it over; it is never called under the Gate's lock. `workers`
  /// gives the number of threads of each lane, by device.
  Gate(const Graph& graph, const Work& work, std::vector<std::vector<int>> workers,
       std::function<void(Task*)> start,
       std::function<std::unique_ptr<Task>(int node, Key key)> make_source_task);
  ~Gate();

  /// Takes in ready tasks. Returns those of items that were given up.
  Tasks submit(Tasks tasks);
  /// A body of `node` has ended and its task, of this key, is gone.
  void ended(int node, const Key& key);
  /// Starts all that can start now. Called after every submit and end.
  void pump();
  /// From now on nothing starts; what waits is dropped.
  void stop();
  /// Gives an item up: admits no more of it. Returns its tasks that waited.
  Tasks skip(int item);
  /// From a ticket's destructor.
  void give_back(const Account& account);

  /// From now on tells the trace what waits and why. Requires: nothing was submitted yet.
  void trace_to(Trace* trace) { trace_ = trace; }

  /// What still waits and why, a line each, for the stall report.
  std::vector<std::string> waiting();

 private:
  struct First {  // downstream first, then the smallest key
    const Graph* graph;
    bool operator()(const std::unique_ptr<Task>& a, const std::unique_ptr<Task>& b) const;
  };
  struct Admitted {
    TicketRef ticket;
    int openers = 0;  // sources and rollouts that still have to take the ticket
  };

  /// In plan order. An item without trajectories that have work left is one itself, if it has work
  /// left: batch -1.
  struct Trajectory {
    int item = 0;
    int batch = -1;
  };

  bool has_work(int item, int batch) const;
  std::optional<Trajectory> first_from(int item) const;
  std::optional<Trajectory> next_after(const Trajectory& trajectory) const;
  void admit(Tickets& dropped);
  void open_item(int item);
  void open_trajectory(int item, int batch);
  bool may_start(const Task& task, Cause* why) const;
  void take_tickets(Task& task, Tickets& dropped);
  void drop_item_ticket(int item, Tickets& dropped);
  bool is_step(const Task& task) const;
  bool opens(const Task& task) const;
  /// How many workers are busy of those that tasks of this node and key run on.
  int& busy(const GraphNode& node, const Key& key);
  bool has_free_worker(const GraphNode& node, const Key& key) const;
  void count_for_trace(std::int64_t now);

  const Graph& graph_;
  const Work& work_;
  const std::vector<std::vector<int>> workers_;  // by lane and device
  const std::function<void(Task*)> start_;
  const std::function<std::unique_ptr<Task>(int, Key)> make_source_task_;
  std::mutex mutex_;
  std::multiset<std::unique_ptr<Task>, First> waiting_;
  std::vector<std::vector<int>> busy_lanes_;
  std::vector<int> busy_nodes_;
  int busy_cpu_ = 0;
  bool stopped_ = false;

  std::optional<Trajectory> next_trajectory_;  // to be admitted; none where all are
  std::map<int, Admitted> items_;
  std::map<std::pair<int, int>, Admitted> admitted_;
  int open_items_ = 0;
  int open_trajectories_ = 0;
  std::map<Account, int> steps_;  // step credits that are out

  Trace* trace_ = nullptr;
  std::vector<std::int64_t> counted_;  // what the trace was told last, by counter
};

}  // namespace ladcast
