#include "graph/trace_file.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "graph/error.h"
#include "graph/nesting.h"
#include "graph/version.h"
#include "graph/whole_file.h"

namespace ladcast {
namespace {

using Json = nlohmann::json;

const VersionNote json_note{"nlohmann-json", [] {
                              return fmt::format("{}.{}.{}", NLOHMANN_JSON_VERSION_MAJOR,
                                                 NLOHMANN_JSON_VERSION_MINOR,
                                                 NLOHMANN_JSON_VERSION_PATCH);
                            }};

class Reader {
 public:
  explicit Reader(const Json& json) : json_(json) {}

  TraceFile read() {
    read_head(json_.at("otherData"));
    const Json& events = json_.at("traceEvents");
    for (const Json& event : events)
      if (event.at("ph") == "M" && event.at("name") == "thread_name") add_thread(event);
    for (const Json& event : events)
      if (event.at("ph") == "X") add_span(event);
    std::stable_sort(trace_.spans.begin(), trace_.spans.end(),
                     [](const TraceSpan& a, const TraceSpan& b) { return a.begin < b.begin; });
    by_thread_.resize(trace_.threads.size());
    for (std::size_t i = 0; i < trace_.spans.size(); ++i)
      by_thread_[trace_.spans[i].thread].push_back(i);
    Starts starts;
    for (const Json& event : events)
      if (event.at("ph") == "s") starts[event.at("id").get<std::int64_t>()] = &event;
    for (const Json& event : events)
      if (event.at("ph") == "f") add_arrow(start_of(event, starts), event);
    return std::move(trace_);
  }

 private:
  static int threads_of(const Json& json) {
    const int threads = json.at("threads").get<int>();
    if (threads < 1 || threads > 100'000) fail("a lane has {} threads", threads);
    return threads;
  }

  void read_head(const Json& head) {
    if (head.at("ladcast_trace") != 1) fail("it has another format than this program knows");
    trace_.pipeline = head.at("pipeline").get<std::string>();
    trace_.outcome = head.at("outcome").get<std::string>();
    trace_.peak_bytes = head.at("peak_bytes").get<std::uint64_t>();
    trace_.left_out = head.at("left_out").get<std::uint64_t>();
    trace_.lanes.push_back({"workers", "", threads_of(head)});
    for (const Json& lane : head.at("lanes"))
      trace_.lanes.push_back({lane.at("name").get<std::string>(),
                              lane.at("device").get<std::string>(), threads_of(lane)});
  }

  /// "lane model", "lane model 2"; anything else is a worker.
  void add_thread(const Json& event) {
    TraceThread thread{event.at("args").at("name").get<std::string>(), 0};
    for (std::size_t lane = 1; lane < trace_.lanes.size(); ++lane)
      if ((thread.name + " ").starts_with("lane " + trace_.lanes[lane].name + " "))
        thread.lane = lane;
    rows_[event.at("tid").get<int>()] = trace_.threads.size();
    trace_.threads.push_back(std::move(thread));
  }

  std::size_t row(const Json& event) const {
    const int tid = event.at("tid").get<int>();
    const auto found = rows_.find(tid);
    if (found == rows_.end()) fail("thread {} has no name", tid);
    return found->second;
  }

  void add_span(const Json& event) {
    const Json& arguments = event.at("args");
    TraceSpan span;
    span.node = arguments.at("node").get<std::string>();
    span.kind = event.at("cat").get<std::string>();
    span.thread = row(event);
    span.begin = event.at("ts").get<double>();
    span.end = span.begin + event.at("dur").get<double>();
    span.engine = arguments.value("engine_us", 0.0);
    if (const auto waited = arguments.find("waited"); waited != arguments.end())
      for (std::size_t i = 0; i < kCauses.size(); ++i)
        span.waited[i] = waited->value(kCauses[i], 0.0);
    trace_.spans.push_back(std::move(span));
  }

  /// The span of the event's thread that encloses its time.
  std::size_t enclosing(const Json& event) const {
    const double at = event.at("ts").get<double>();
    const auto& spans = by_thread_[row(event)];
    const auto after = std::upper_bound(
        spans.begin(), spans.end(), at,
        [this](double time, std::size_t span) { return time < trace_.spans[span].begin; });
    if (after == spans.begin()) fail("an arrow at {} us is in no span", at);
    return *(after - 1);
  }

  using Starts = std::map<std::int64_t, const Json*>;  // of arrows, by id

  static const Json& start_of(const Json& event, const Starts& starts) {
    const auto id = event.at("id").get<std::int64_t>();
    const auto found = starts.find(id);
    if (found == starts.end()) fail("arrow {} ends and has not begun", id);
    return *found->second;
  }

  void add_arrow(const Json& start, const Json& end) {
    trace_.spans[enclosing(end)].inputs.push_back({enclosing(start), start.at("ts").get<double>()});
  }

  const Json& json_;
  TraceFile trace_;
  std::map<int, std::size_t> rows_;  // by tid
  std::vector<std::vector<std::size_t>> by_thread_;
};

}  // namespace

TraceFile read_trace(const std::filesystem::path& file) {
  const std::string text = read_whole_file(file);
  std::string reason;
  try {
    require_shallow_json(text);
    return Reader(Json::parse(text)).read();
  } catch (const Json::exception& error) {
    const std::string what = error.what();  // "[json.exception.…] reason"
    reason = what.substr(std::min(what.find("] ") + 2, what.size()));
  } catch (const Error& error) {
    reason = error.what();
  }
  fail(
      "{} is not a trace of ladcast-flow: {}\n      = 'ladcast-flow run FILE --trace {}' writes "
      "one",
      file.string(), reason, file.filename().string());
}

}  // namespace ladcast
