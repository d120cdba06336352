// Runs a checked graph: oneTBB executes, the Gate orders, lanes serve devices and libraries.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "graph/error.h"
#include "graph/graph.h"
#include "graph/origin.h"
#include "graph/payload.h"

namespace ladcast {

/// What one node failed with.
struct NodeFailure {
  std::string node;
  std::string when;  // "open", "run", "finish", "close"
  std::string key;   // of a body, as Plan::describe_json
  std::string message;
  std::string at;  // "file.toml:34"; empty where there is no file
};

/// A node failed; the text says which, when, and what else failed then. Exit code 1.
struct RunError : Error {
  RunError(const std::string& text, std::vector<NodeFailure> all)
      : Error(text), failures(std::move(all)) {}
  std::vector<NodeFailure> failures;
};
/// The graph went idle with work left. Exit code 3.
struct StallError : Error {
  using Error::Error;
};
/// The user stopped the run. Exit code 130.
struct Interrupted : Error {
  using Error::Error;
};

/// Items failed and were left out, as engine.on_error asks; the others are complete. Exit code 1.
struct ItemsFailed : Error {
  using Error::Error;
};

/// Sees every message of one output.
struct Tap {
  int node = 0;
  int port = 0;
  std::function<void(const Key&, const Payload&)> see;  // called by one thread at a time
};

class Journal;
class Trace;

struct RunOptions {
  bool open_only = false;      // opens and closes the nodes and computes nothing
  Journal* journal = nullptr;  // where the run says what is done for good
  bool resume = false;         // goes on where the journal ends
  std::shared_ptr<const RunOrigin> origin = std::make_shared<const RunOrigin>();
  std::vector<Tap> taps;
  Trace* trace = nullptr;  // records the run, also one that fails
  /// Asked often; true ends the run early, and stays true.
  std::function<bool()> interrupted = [] { return false; };
  /// Told after each task: tasks done and tasks in all. Called from many threads.
  std::function<void(std::int64_t done, std::int64_t total)> progress = [](auto, auto) {};
  /// Shown what nodes print. Called from many threads.
  std::function<void(const std::string& text)> print = [](const auto&) {};
  /// Told what the user should know and is no error. Called from many threads.
  std::function<void(const std::string& text)> notice = [](const auto&) {};
  /// Told after a phase of a node's life: "open", "restore", "finish", "close".
  std::function<void(const std::string& node, const std::string& phase, double seconds)>
      phase_done = [](auto&, auto&, auto) {};
  /// Told when an Ordered node has finished an item, which is given as Plan::describe_json() does.
  /// Called from many threads.
  std::function<void(const std::string& node, const std::string& item)> item_done = [](auto&,
                                                                                       auto&) {};
};

struct RunReport {
  std::int64_t tasks = 0;             // done in this run
  std::int64_t tasks_before = 0;      // of the plan, that earlier runs had made unnecessary
  std::vector<std::string> given_up;  // items that failed, and why
  std::size_t peak_payloads = 0;
  std::size_t peak_bytes = 0;
  std::size_t left_payloads = 0;     // alive after the run; 0 unless there is a leak
  std::vector<std::string> devices;  // of each lane, resolved
};

/// Opens the nodes, runs the plan, finishes and closes them, and destroys the stages of `graph`.
/// Throws RunError, StallError, Interrupted, ItemsFailed.
RunReport run_graph(Graph& graph, const RunOptions& options = {});

}  // namespace ladcast
