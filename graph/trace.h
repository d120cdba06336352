// What a run did and when, as trace events for Perfetto (ui.perfetto.dev) and chrome://tracing.
//
// Each thread writes into a buffer of its own, without locks and without I/O. The buffers are
// merged when the run is over: by then lane threads are joined, and workers have gone through the
// Gate's lock after the last thing that they wrote.
//
// Memory: 112 bytes for a body, 8 for a message sent, 16 for a message read, 24 for a change of a
// counter: about 300 for a hop. In the file: about 300 for a body or a message read, 110 for a
// change. A thread keeps at most a million bodies with what belongs to them; later ones are only
// counted.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "graph/graph.h"
#include "graph/task.h"

namespace ladcast {

class Trace {
 public:
  /// Counters of the engine. After the last come the queues of each lane.
  enum Counter : std::size_t { bytes, credits, trajectories, waiting, cpu_queue, lane_queues };
  class Span;

  /// Requires: `graph` outlives the trace. The thread that calls is the one that runs the graph.
  explicit Trace(const Graph& graph);

  // For the engine. Thread-safe.
  std::int64_t now() const;  // nanoseconds since the trace began, never 0
  /// Stamps a message that the calling thread sends, for Message::arrow, and counts live bytes.
  std::uint64_t stamp(std::size_t live_bytes);
  void count(std::size_t counter, std::int64_t value, std::int64_t at);

  // For the engine, from the thread that runs the graph.
  void add_lane(const std::string& device, int threads);
  void note_peak(std::size_t payload_bytes) { peak_bytes_ = payload_bytes; }

  /// Writes the file whole. `outcome` is "done" or what went wrong. Requires: the run is over.
  /// Throws Error.
  void write(const std::filesystem::path& file, const std::string& outcome) const;

 private:
  struct Record {
    std::int64_t begin = 0;
    std::int64_t end = 0;
    Key key;
    int node = 0;
    const char* kind = nullptr;  // of Span
    Wait wait;
  };
  struct Read {
    std::uint64_t arrow;
    std::size_t record;  // of the same thread
  };
  struct Sample {
    std::int64_t at;
    std::size_t counter;
    std::int64_t value;
  };
  struct Buffer {
    Record* add(const Record& record);  // null where there is no room
    std::size_t tid() const { return number + 1; }

    std::size_t number = 0;
    int lane = -1;
    std::deque<Record> records;
    std::deque<std::int64_t> sent;  // when
    std::deque<Read> read;
    std::deque<Sample> samples;
    std::size_t left_out = 0;  // bodies
  };
  /// A place in a stamp: which buffer, and which of its messages.
  static std::uint64_t arrow(std::size_t thread, std::size_t message) {
    return (thread + 1) << 32U | message;
  }

  Buffer& buffer(int lane = -1);
  std::string metadata(const std::string& outcome) const;
  void append_threads(std::string& text) const;
  void append_records(std::string& text) const;
  void append_samples(std::string& text) const;
  std::string arguments(const Record& record, std::int64_t last_sent) const;

  const Graph& graph_;
  const std::uint64_t id_;  // tells this trace from others that had its address
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::vector<bool> ordered_;                       // by node: keys wait for their turn
  std::vector<bool> folds_;                         // by node
  std::vector<std::pair<std::string, int>> lanes_;  // device and threads
  std::size_t peak_bytes_ = 0;

  std::mutex mutex_;  // guards the list
  std::vector<std::unique_ptr<Buffer>> buffers_;
};

/// A span of the calling thread, from construction to destruction. Nothing where `trace` is null.
class Trace::Span {
 public:
  /// A body: "run" or "fold".
  Span(Trace* trace, const Task& task);
  /// A phase of a node's life: "open", "finish" or "close". Requires: a literal.
  Span(Trace* trace, const char* phase, int node);
  ~Span();
  Span(const Span&) = delete;
  Span& operator=(const Span&) = delete;

 private:
  Trace* trace_;
  Record* record_ = nullptr;
};

}  // namespace ladcast
