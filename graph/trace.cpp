#include "graph/trace.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <iterator>
#include <map>
#include <numeric>

#include "graph/text.h"
#include "graph/whole_file.h"

namespace ladcast {
namespace {

constexpr std::size_t kMostBodies = 1'000'000;  // of one thread
constexpr const char* kRun = "run";
constexpr const char* kFold = "fold";
constexpr std::array<const char*, 5> kCounters{"live payload bytes", "step credits out",
                                               "trajectories alive", "waiting in the Gate",
                                               "queue of the workers"};

std::atomic<std::uint64_t> traces{0};

/// The buffer of this thread in the trace that it met last.
struct Mine {
  std::uint64_t trace = 0;
  void* buffer = nullptr;
};
thread_local Mine mine;

template <class... Args>
void append(std::string& text, fmt::format_string<Args...> format, Args&&... args) {
  fmt::format_to(std::back_inserter(text), format, std::forward<Args>(args)...);
}

/// Nanoseconds as the microseconds of the format.
double us(std::int64_t nanoseconds) { return static_cast<double>(nanoseconds) * 1e-3; }

void append_arrow(std::string& text, std::int64_t id, std::size_t from, std::int64_t sent,
                  std::size_t to, std::int64_t begun) {
  append(
      text,
      R"({{"ph": "s", "pid": 1, "tid": {}, "ts": {:.3f}, "id": {}, "cat": "message", "name": "message"}},
{{"ph": "f", "bp": "e", "pid": 1, "tid": {}, "ts": {:.3f}, "id": {}, "cat": "message", "name": "message"}},
)",
      from, us(sent), id, to, us(begun), id);
}

bool folds(const Stage& stage) {
  return std::any_of(stage.inputs().begin(), stage.inputs().end(),
                     [](const auto* input) { return input->kind() == InPort::Kind::fold; });
}

}  // namespace

Trace::Trace(const Graph& graph) : graph_(graph), id_(++traces) {
  for (const auto& node : graph.nodes) {
    ordered_.push_back(node.stage->order().has_value());
    folds_.push_back(folds(*node.stage));
  }
  buffer();
}

std::int64_t Trace::now() const {
  return std::chrono::nanoseconds(std::chrono::steady_clock::now() - start_).count() + 1;
}

Trace::Buffer& Trace::buffer(int lane) {
  if (mine.trace != id_) {
    auto added = std::make_unique<Buffer>();
    added->lane = lane;
    const std::lock_guard lock(mutex_);
    added->number = buffers_.size();
    mine = {id_, added.get()};
    buffers_.push_back(std::move(added));
  }
  return *static_cast<Buffer*>(mine.buffer);
}

std::uint64_t Trace::stamp(std::size_t live_bytes) {
  Buffer& own = buffer();
  if (own.left_out > 0) return 0;
  own.sent.push_back(now());
  own.samples.push_back({own.sent.back(), bytes, static_cast<std::int64_t>(live_bytes)});
  return arrow(own.number, own.sent.size() - 1);
}

void Trace::count(std::size_t counter, std::int64_t value, std::int64_t at) {
  Buffer& own = buffer();
  if (own.left_out == 0) own.samples.push_back({at, counter, value});
}

void Trace::add_lane(const std::string& device, int threads) {
  lanes_.emplace_back(device, threads);
}

Trace::Record* Trace::Buffer::add(const Record& record) {
  if (records.size() >= kMostBodies) {
    ++left_out;
    return nullptr;
  }
  return &records.emplace_back(record);
}

Trace::Span::Span(Trace* trace, const Task& task) : trace_(trace) {
  if (!trace) return;
  const int node = task.node();
  Buffer& own = trace->buffer(trace->graph_.nodes[static_cast<std::size_t>(node)].lane);
  record_ =
      own.add({trace->now(), 0, task.key(), node, task.folding() ? kFold : kRun, task.wait()});
  if (!record_) return;
  for (const auto& port : task.inputs())
    for (const auto& message : port)
      if (message.arrow != 0) own.read.push_back({message.arrow, own.records.size() - 1});
}

Trace::Span::Span(Trace* trace, const char* phase, int node) : trace_(trace) {
  if (!trace) return;
  const int lane = trace->graph_.nodes[static_cast<std::size_t>(node)].lane;
  record_ = trace->buffer(lane).add({trace->now(), 0, {}, node, phase, {}});
}

Trace::Span::~Span() {
  if (record_) record_->end = trace_->now();
}

// ---- the file ----

void Trace::write(const std::filesystem::path& file, const std::string& outcome) const {
  std::string text = metadata(outcome);
  append_threads(text);
  append_records(text);
  append_samples(text);
  text.erase(text.size() - 2);  // the last comma
  write_whole_file(file, {text, "\n]}\n"});
}

std::string Trace::metadata(const std::string& outcome) const {
  std::size_t left_out = 0;
  for (const auto& buffer : buffers_) left_out += buffer->left_out;
  std::string lanes;
  for (std::size_t i = 0; i < lanes_.size(); ++i)
    append(lanes, "{}{{\"name\": {}, \"device\": {}, \"threads\": {}}}", i > 0 ? ", " : "",
           quote_json(graph_.lanes[i].name), quote_json(lanes_[i].first), lanes_[i].second);
  return fmt::format(
      "{{\"displayTimeUnit\": \"ms\",\n\"otherData\": {{\"ladcast_trace\": 1, \"pipeline\": {}, "
      "\"outcome\": {}, \"threads\": {}, \"lanes\": [{}], \"peak_bytes\": {}, \"left_out\": {}}},\n"
      "\"traceEvents\": [\n",
      quote_json(graph_.file), quote_json(outcome), graph_.plan.threads, lanes, peak_bytes_,
      left_out);
}

/// Names the rows: the main thread, workers, and the threads of each lane.
void Trace::append_threads(std::string& text) const {
  append(text, R"({{"ph": "M", "pid": 1, "tid": 0, "name": "process_name", "args": {{"name": {}}}}},
)",
         quote_json("ladcast-flow " + graph_.file));
  std::map<int, int> numbers;
  for (const auto& buffer : buffers_) {
    if (buffer->records.empty() && buffer->number > 0) continue;
    std::string name = "main";
    if (buffer->number > 0) name = fmt::format("worker {}", ++numbers[buffer->lane]);
    if (buffer->lane >= 0) {
      const auto lane = static_cast<std::size_t>(buffer->lane);
      name = "lane " + graph_.lanes[lane].name;
      if (lanes_[lane].second > 1) append(name, " {}", numbers[buffer->lane]);
    }
    append(text,
           R"({{"ph": "M", "pid": 1, "tid": {0}, "name": "thread_name", "args": {{"name": {1}}}}},
{{"ph": "M", "pid": 1, "tid": {0}, "name": "thread_sort_index", "args": {{"sort_index": {2}}}}},
)",
           buffer->tid(), quote_json(name),
           (buffer->lane + 1) * 1000 + static_cast<int>(buffer->tid()));
  }
}

/// Spans, each followed by the arrows of the messages that it read: of events at one time readers
/// keep the order of the file, and an arrow ends in a span that has begun.
void Trace::append_records(std::string& text) const {
  std::int64_t id = 0;
  for (const auto& buffer : buffers_) {
    auto read = buffer->read.begin();
    for (std::size_t i = 0; i < buffer->records.size(); ++i) {
      const Record& record = buffer->records[i];
      std::string arrows;
      std::int64_t last_sent = 0;
      for (; read != buffer->read.end() && read->record == i; ++read) {
        const Buffer& from = *buffers_[(read->arrow >> 32U) - 1];
        const std::int64_t sent = from.sent[read->arrow & 0xFFFFFFFFU];
        last_sent = std::max(last_sent, sent);
        append_arrow(arrows, ++id, from.tid(), sent, buffer->tid(), record.begin);
      }
      const std::string& node = graph_.nodes[static_cast<std::size_t>(record.node)].name;
      const bool body = record.kind == kRun || record.kind == kFold;
      append(
          text,
          R"({{"ph": "X", "pid": 1, "tid": {}, "ts": {:.3f}, "dur": {:.3f}, "cat": "{}", "name": {}, "args": {{{}}}}},
)",
          buffer->tid(), us(record.begin), us(record.end - record.begin), record.kind,
          quote_json(body ? node : record.kind + (" " + node)),
          body ? arguments(record, last_sent) : "\"node\": " + quote_json(node));
      text += arrows;
    }
  }
}

/// The key as people read it, and what the task waited for between its last message and its begin.
std::string Trace::arguments(const Record& record, std::int64_t last_sent) const {
  const GraphNode& node = graph_.nodes[static_cast<std::size_t>(record.node)];
  std::string text = fmt::format("\"node\": {}", quote_json(node.name));
  if (const std::string key = graph_.plan.describe_json(record.key, node.axes); !key.empty())
    text += ", " + key;

  auto by = record.wait.by;
  std::int64_t engine = record.begin - record.wait.started;
  const std::int64_t arrival = last_sent > 0 ? record.wait.submitted - last_sent : 0;
  const auto index = static_cast<std::size_t>(record.node);
  if (ordered_[index] || folds_[index])
    by[static_cast<std::size_t>(Cause::order)] += arrival;
  else
    engine += arrival;
  const std::int64_t waited = std::accumulate(by.begin(), by.end(), std::int64_t{0});
  append(text, ", \"engine_us\": {:.3f}, \"waited_us\": {:.3f}", us(engine), us(waited));
  if (waited == 0) return text;
  const auto longest =
      static_cast<std::size_t>(std::max_element(by.begin(), by.end()) - by.begin());
  append(text, ", \"cause\": \"{}\", \"waited\": {{", kCauses[longest]);
  for (std::size_t i = 0; i < by.size(); ++i)
    if (by[i] > 0) append(text, "\"{}\": {:.3f}, ", kCauses[i], us(by[i]));
  text.erase(text.size() - 2);
  return text + "}";
}

void Trace::append_samples(std::string& text) const {
  for (const auto& buffer : buffers_)
    for (const Sample& sample : buffer->samples) {
      const std::string name =
          sample.counter < lane_queues
              ? kCounters[sample.counter]
              : "queue of lane " + graph_.lanes[sample.counter - lane_queues].name;
      append(text,
             R"({{"ph": "C", "pid": 1, "tid": 0, "ts": {:.3f}, "name": {}, "args": {{"{}": {}}}}},
)",
             us(sample.at), quote_json(name), sample.counter == bytes ? "bytes" : "count",
             sample.value);
    }
}

}  // namespace ladcast
