// The base of all nodes: what the engine asks of a stage of the pipeline.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "graph/lane.h"
#include "graph/param.h"
#include "graph/plan.h"
#include "graph/port.h"
#include "graph/run_origin.h"
#include "graph/spec.h"

namespace ladcast {

class Task;

/// What is known of a run before it starts, as one node sees it.
class Shape {
 public:
  virtual ~Shape() = default;
  virtual const Plan& plan() const = 0;
  virtual bool has(const InPort& port) const = 0;
  /// Requires: has(port). Of a port with many edges, the first.
  virtual const Spec& in(const InPort& port) const = 0;
  /// To be filled in; starts with the axes of the node's tasks and nothing else.
  virtual Spec& out(const OutPort& port) = 0;
  /// Reports what is wrong with a port or a parameter, and the cure.
  virtual void error(const InPort& port, const std::string& what, const std::string& cure) = 0;
  virtual void error(const ParamBase& param, const std::string& what, const std::string& cure) = 0;
};

/// Memory beside the payloads, in bytes.
struct Memory {
  std::size_t resident = 0;  // from open to close: weights, tables
  std::size_t scratch = 0;   // of one running body
  std::size_t state = 0;     // of one open fold
};

/// Files that a sink writes. A file holds an axis inside, or the pattern names it.
struct Claim {
  PathPattern pattern;
  bool holds_items = false;
  bool holds_members = false;
  std::uint64_t bytes = 0;  // of all files together, an estimate
};

/// What a sink brought to safety in a run before this one.
struct Committed {
  Key key;
  std::string note;  // as commit() returned it
};

/// In which order an Ordered stage sees its keys.
enum class Within { plan, item, trajectory };

/// Construct (cheap, no I/O: the registry builds one to read its schema), shape(), open(), run()
/// many times, finish(), and close() whenever open() succeeded.
class Stage {
 public:
  virtual ~Stage() = default;
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;

  /// The axes over which a stage without inputs emits.
  virtual Axes source_axes(const Plan&) const { return {}; }
  /// Leads that one step of a loop advances; only for a stage with a feedback port.
  virtual int leads_per_step() const { return 0; }
  /// Checks the inputs' specs and fills in the outputs'.
  virtual void shape(Shape&) {}
  virtual Memory memory() const { return {}; }
  virtual std::vector<Claim> claims() const { return {}; }
  /// Files whose bytes decide the results: weights, statistics, data.
  virtual std::vector<std::filesystem::path> files() const { return {}; }

  virtual void open() {}
  virtual void fold(Task&) const {}
  virtual void execute(Task& task) = 0;
  virtual void close() {}

  virtual std::optional<Within> order() const { return {}; }
  virtual void finish_item(int) {}
  /// The item failed elsewhere and is given up: nothing more comes, and what is unfinished goes.
  virtual void drop_item(int) {}
  virtual void finish() {}

  const std::vector<InPort*>& inputs() const { return inputs_; }
  const std::vector<OutPort*>& outputs() const { return outputs_; }
  const std::vector<ParamBase*>& params() const { return params_; }
  const char* process_lane() const { return process_lane_; }
  bool needs_device() const { return needs_device_; }

  void set_plan(std::shared_ptr<const Plan> plan) { plan_ = std::move(plan); }
  void set_run(std::shared_ptr<const RunOrigin> origin, bool journalled, bool skips_items,
               std::function<void(const std::string&)> print) {
    origin_ = std::move(origin);
    journalled_ = journalled;
    skips_items_ = skips_items;
    print_ = std::move(print);
  }

 protected:
  Stage() = default;

  const Plan& plan() const { return *plan_; }
  /// "cpu" or "cuda:0": where the lane of this node computes. Known from open() on. Of a lane with
  /// several devices, that of the calling thread: open() is called on each of them.
  static const std::string& device() { return current_device(); }
  /// What the run is made from. Known from open() on.
  const RunOrigin& origin() const { return *origin_; }
  /// Whether a broken run can be continued: what is unfinished must then be kept.
  bool journalled() const { return journalled_; }
  /// Whether items that fail are left out (engine.on_error): no reason then not to open.
  bool skips_items() const { return skips_items_; }
  /// Shows the user a result, such as a table: on standard output, unless the run is a test.
  void print(const std::string& text) const { print_(text); }

  /// open, run, finish, close and the destructor happen on this process-wide service thread.
  void on_process_lane(const char* lane) { process_lane_ = lane; }
  /// The node must name a lane with a device.
  void on_device_lane() { needs_device_ = true; }

 private:
  friend class InPort;
  friend class OutPort;
  friend class ParamBase;

  std::vector<InPort*> inputs_;
  std::vector<OutPort*> outputs_;
  std::vector<ParamBase*> params_;
  const char* process_lane_ = nullptr;
  bool needs_device_ = false;
  std::shared_ptr<const Plan> plan_;
  std::shared_ptr<const RunOrigin> origin_;
  bool journalled_ = false;
  bool skips_items_ = false;
  std::function<void(const std::string&)> print_;
};

/// A stateless stage. Thread-safe: run() is called from many threads at once.
class Node : public Stage {
 public:
  virtual void run(Task& task) const = 0;
  void execute(Task& task) final { run(task); }
};

/// A stage that sees its keys in order within its scope and one at a time: writers, tables,
/// trackers. finish_item() comes after an item's last key, finish() after the last of all, both
/// only if nothing failed: a writer renames its files there.
///
/// A sink that a broken run shall not have to begin anew says so with keeps(), and has commit() and
/// restore(). Any other sees all keys again.
///
/// A stage that others read and that knows what it saw before, such as an optimiser, sees all keys
/// again too, unless it says saves(). Then run() calls task.save(), at keys of its choice, with the
/// state before this key's input is taken: from it this and all later keys can be done again. In a
/// continued run its first task has task.restored(), takes up task.saved(), and then treats its
/// inputs as ever. Where no state is there that is early enough, it begins at its first key. States
/// that no continued run would begin at are removed: at most three are kept.
class Ordered : public Stage {
 public:
  explicit Ordered(Within within) : within_(within) {}
  virtual void run(Task& task) = 0;
  virtual bool keeps() const { return false; }
  /// Requires: the scope is Within::plan. Where a finished run is continued and nothing of this
  /// stage is left to do, finish() comes without run().
  virtual bool saves() const { return false; }
  /// After run(): what restore() will need to know of this key, once all that the keys of its item
  /// (of its trajectory, where that is the scope) have brought so far is safe on disk. Nothing if
  /// it is not: the key is committed with a later one, or when finish_item() has returned.
  virtual std::optional<std::string> commit(const Task&) { return {}; }
  /// In a continued run, after open(): takes up what was committed of an item, in key order. False
  /// if that is lost, and all keys of the item have to come again.
  virtual bool restore(int, const std::vector<Committed>&) { return false; }
  void execute(Task& task) final { run(task); }
  std::optional<Within> order() const final { return within_; }

 private:
  Within within_;
};

}  // namespace ladcast
