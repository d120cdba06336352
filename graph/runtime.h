// Runs a checked graph: oneTBB executes, the Gate orders, lanes serve devices and libraries.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "graph/error.h"
#include "graph/graph.h"
#include "graph/payload.h"

namespace ladcast {

/// A node failed; the text says which, when, and what else failed then. Exit code 1.
struct RunError : Error {
  using Error::Error;
};
/// The graph went idle with work left. Exit code 3.
struct StallError : Error {
  using Error::Error;
};
/// The user stopped the run. Exit code 130.
struct Interrupted : Error {
  using Error::Error;
};

/// Sees every message of one output.
struct Tap {
  int node = 0;
  int port = 0;
  std::function<void(const Key&, const Payload&)> see;  // called by one thread at a time
};

class Trace;

struct RunOptions {
  bool open_only = false;  // opens and closes the nodes and computes nothing
  std::vector<Tap> taps;
  Trace* trace = nullptr;  // records the run, also one that fails
  /// Asked often; true ends the run early.
  std::function<bool()> interrupted = [] { return false; };
  /// Told after each task: tasks done and tasks in all. Called from many threads.
  std::function<void(std::int64_t done, std::int64_t total)> progress = [](auto, auto) {};
};

struct RunReport {
  std::int64_t tasks = 0;
  std::size_t peak_payloads = 0;
  std::size_t peak_bytes = 0;
  std::size_t left_payloads = 0;     // alive after the run; 0 unless there is a leak
  std::vector<std::string> devices;  // of each lane, resolved
};

/// Opens the nodes, runs the plan, finishes and closes them, and destroys the stages of `graph`.
/// Throws RunError, StallError, Interrupted.
RunReport run_graph(Graph& graph, const RunOptions& options = {});

}  // namespace ladcast
