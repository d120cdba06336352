// A file that `run --trace` wrote, read back.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "graph/wait.h"

namespace ladcast {

/// Times in microseconds.
struct TraceSpan {
  /// A message that the span read: from which span (an index), and when it was sent.
  struct Input {
    std::size_t from = 0;
    double sent = 0.0;
  };

  std::string node;
  std::string kind;  // "run", "fold"; or "open", "finish", "close"
  std::size_t thread = 0;
  double begin = 0.0;
  double end = 0.0;
  double engine = 0.0;  // ready and held by nothing, before it began
  std::array<double, kCauses.size()> waited{};
  std::vector<Input> inputs;

  bool is_body() const { return kind == "run" || kind == "fold"; }
  double waited_for(Cause cause) const { return waited[static_cast<std::size_t>(cause)]; }
};

/// Threads that take the same work: those of a lane, or the workers with the main thread.
struct TraceLane {
  std::string name;    // "workers" for those without a lane
  std::string device;  // "" for a service thread and for the workers
  int threads = 1;
};

struct TraceThread {
  std::string name;
  std::size_t lane = 0;
};

struct TraceFile {
  std::string pipeline;
  std::string outcome;  // "done" or what went wrong
  std::uint64_t peak_bytes = 0;
  std::uint64_t left_out = 0;    // bodies that the file lacks
  std::vector<TraceLane> lanes;  // the workers first
  std::vector<TraceThread> threads;
  std::vector<TraceSpan> spans;  // by begin
};

/// Throws Error where the file is no trace.
TraceFile read_trace(const std::filesystem::path& file);

}  // namespace ladcast
