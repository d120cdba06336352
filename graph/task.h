// One call of a node: its inputs, its key, and the way to send.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "graph/message.h"
#include "graph/plan.h"
#include "graph/port.h"
#include "graph/wait.h"

namespace ladcast {

class Task;

/// What the engine does for a running task.
class TaskHost {
 public:
  virtual void send(const Task& task, int out_port, Payload payload, Key key) = 0;
  virtual bool stopping() const = 0;
  virtual const Plan& plan() const = 0;
  virtual const std::shared_ptr<Ledger>& ledger() const = 0;
  virtual const Axes& axes() const = 0;
  virtual const std::string& stream() const = 0;  // the node type's name
  virtual int first_lead(int out_port, const Key& key) const = 0;
  /// Keeps what the task needs to start from in a continued run.
  virtual void save(const Task& task, std::string_view state) = 0;
  virtual std::string saved(const Task& task) const = 0;

 protected:
  ~TaskHost() = default;
};

class Task {
 public:
  Task(TaskHost& host, int node, Key key, std::size_t ports)
      : host_(&host), node_(node), key_(key), inputs_(ports) {}

  const Key& key() const { return key_; }
  Time init() const { return host_->plan().inits[static_cast<std::size_t>(key_.item)]; }
  /// From 1, where the plan is one of iterations; otherwise 0.
  int iteration() const { return host_->plan().iterations > 0 ? key_.item + 1 : 0; }
  int lead_hours() const { return host_->plan().lead_hours(key_.lead); }
  /// Member numbers of this batch, from 1.
  const std::vector<int>& members() const {
    return host_->plan().batches[static_cast<std::size_t>(key_.batch)];
  }
  /// "init 2018-01-03T00, members 5-9, lead 42 h" or "iteration 17".
  std::string describe() const { return host_->plan().describe(key_, host_->axes()); }

  /// Whether the optional port is wired, or the port of a loop has a value in this call.
  bool has(const InPort& port) const { return !messages(port).empty(); }

  template <class T>
  const T& get(const In<T>& port) const {
    return messages(port).front().payload.template get<T>();
  }
  /// The value itself if nobody else holds it, otherwise a copy: for changes in place.
  template <class T>
  T take(const In<T>& port) {
    return inputs_[static_cast<std::size_t>(port.index())].front().payload.template take<T>();
  }
  /// All values of a gathered axis, in key order.
  template <class T>
  std::vector<const T*> all(const Collect<T>& port) const {
    return list<T>(port);
  }
  /// One value from each edge, in the order of the file.
  template <class T>
  std::vector<const T*> all(const Many<T>& port) const {
    return list<T>(port);
  }
  /// The value to be folded, in Stage::fold.
  template <class T>
  const T& get(const Fold<T>& port) const {
    return messages(port).front().payload.template get<T>();
  }
  /// What a fold has gathered for this key; made by S() at the first call.
  template <class S>
  S& state() {
    if (!state_) state_ = std::make_shared<S>();
    return *static_cast<S*>(state_.get());
  }

  /// Sends with the key of this task (of the first lead that the port has for it).
  template <class T>
  void send(const Out<T>& port, T value) {
    send(port, std::move(value), host_->first_lead(port.index(), key_));
  }
  /// Sends for another lead of this task's initial time and members.
  template <class T>
  void send(const Out<T>& port, T value, int lead) {
    host_->send(*this, port.index(), Payload::make(std::move(value), host_->ledger()),
                {key_.item, lead, key_.batch});
  }

  /// Whether this task of a rollout, or of an Ordered stage that saves(), starts from a state that
  /// an earlier run saved. That of a rollout then has no inputs.
  bool restored() const { return restored_; }
  /// What save() kept. Requires: restored().
  std::string saved() const { return host_->saved(*this); }
  /// Keeps the state from which this task can be done again, where a journal is kept. Throws Error
  /// where it cannot be written; the states that were kept before stay whole.
  void save(std::string_view state) const { host_->save(*this, state); }

  /// True when the run ends early: long bodies ask between their steps and return.
  bool stopping() const { return host_->stopping(); }

  /// Fills `out` with standard normal numbers that depend on the run's seed, the initial time, the
  /// member number, the lead and the stream alone (Philox4x32-10). Never on batch, threads or
  /// order. `stream` is the node type's name where empty.
  void normal(std::span<float> out, int member, std::string_view stream = {}) const;

  // For the engine.
  int node() const { return node_; }
  bool folding() const { return folding_; }
  void set_restored() { restored_ = true; }
  Tickets& tickets() { return tickets_; }
  const Tickets& tickets() const { return tickets_; }
  const std::vector<std::vector<Message>>& inputs() const { return inputs_; }
  Wait& wait() { return wait_; }
  const Wait& wait() const { return wait_; }

 private:
  friend class Inbox;

  const std::vector<Message>& messages(const InPort& port) const {
    return inputs_[static_cast<std::size_t>(port.index())];
  }
  template <class T>
  std::vector<const T*> list(const InPort& port) const {
    std::vector<const T*> values;
    for (const auto& message : messages(port))  // that of an item that was given up is empty
      if (message.payload) values.push_back(&message.payload.template get<T>());
    return values;
  }

  TaskHost* host_;
  int node_;
  Key key_;
  bool folding_ = false;                      // one value of a fold, not yet the whole
  bool restored_ = false;                     // starts from its saved state
  std::vector<std::vector<Message>> inputs_;  // by port
  std::shared_ptr<void> state_;               // of a fold
  Tickets tickets_;                           // what the outputs carry
  Wait wait_;                                 // where the run is traced
};

}  // namespace ladcast
