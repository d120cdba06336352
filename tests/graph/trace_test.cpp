#include "graph/trace.h"

#include <doctest/doctest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "graph/command_line.h"
#include "graph/time.h"
#include "graph/trace_file.h"
#include "tests/graph/toy_nodes.h"
#include "tests/temporary_folder.h"

using namespace ladcast;
using Json = nlohmann::json;

namespace {

const std::string kPipeline = toy::head(2, 4, 2, 8, "threads = 2\nwindow = 1") + R"(
[nodes.analysis]
type = "toy_analysis"
label = "analysis"
[nodes.rollout]
type = "toy_rollout"
in.seed = "analysis"
in.next = "step"
[nodes.step]
type = "toy_step"
in = "rollout"
lane = "model"
label = "step"
[nodes.decode]
type = "toy_decode"
in = "step"
[nodes.mean]
type = "toy_fold"
in = "decode"
[nodes.truth]
type = "toy_truth"
[nodes.error]
type = "toy_join"
in.a = "decode"
in.b = "truth"
[nodes.fields]
type = "toy_item_sink"
in = ["decode", "error"]
lane = "service"
[nodes.table]
type = "toy_sink"
in = "mean"
)";

/// A traced run in its own folder.
struct Traced {
  explicit Traced(const std::string& text, RunOptions options = {})
      : graph(build_graph(parse_pipeline(text, "toy.toml"))) {
    Trace trace(graph);
    options.trace = &trace;
    std::string outcome = "done";
    try {
      run_graph(graph, options);
    } catch (const Error& error) {
      outcome = error.what();
    }
    trace.write(file, outcome);
    std::ifstream in(file);
    json = Json::parse(in);
    for (const Json& event : json.at("traceEvents")) by_phase[event.at("ph")].push_back(event);
  }

  std::vector<Json> spans(const std::string& kind) {
    std::vector<Json> found;
    for (const Json& span : by_phase["X"])
      if (span.at("cat") == kind) found.push_back(span);
    return found;
  }

  Graph graph;
  TemporaryFolder folder;
  std::filesystem::path file = folder.path() / "t.json";
  Json json;
  std::map<std::string, std::vector<Json>> by_phase;
};

/// Nanoseconds, exact.
std::int64_t ns(const Json& microseconds) {
  return std::llround(microseconds.get<double>() * 1000.0);
}

/// What the format asks of an event of a phase.
void check_event(const Json& event) {
  CAPTURE(event.dump());
  const std::string phase = event.at("ph");
  REQUIRE(std::set<std::string>{"M", "X", "s", "f", "C"}.contains(phase));
  CHECK(event.at("pid").is_number_integer());
  CHECK(event.at("tid").is_number_integer());
  CHECK(event.at("name").is_string());
  if (phase == "M") {
    const std::map<std::string, std::string> values{
        {"process_name", "name"}, {"thread_name", "name"}, {"thread_sort_index", "sort_index"}};
    CHECK(event.at("args").contains(values.at(event.at("name"))));
    return;
  }
  CHECK(event.at("ts").get<double>() >= 0.0);
  if (phase == "X") {
    CHECK(event.at("dur").get<double>() >= 0.0);
    CHECK(event.at("cat").is_string());
    CHECK(event.at("args").is_object());
  } else if (phase == "C") {
    for (const auto& [name, value] : event.at("args").items()) CHECK(value.is_number());
  } else {
    CHECK(event.at("id").is_number_integer());
    CHECK(event.at("cat") == "message");
    if (phase == "f") CHECK(event.at("bp") == "e");
  }
}

double waited(const Json& span, const char* cause) {
  return span.at("args").contains("waited") ? span["args"]["waited"].value(cause, 0.0) : 0.0;
}

}  // namespace

TEST_CASE("a trace keeps to the trace event format") {
  toy::set_jitter(200);
  Traced run(kPipeline);
  toy::set_jitter(0);
  CHECK(run.json.at("displayTimeUnit") == "ms");
  CHECK(run.json.at("otherData").at("outcome") == "done");
  CHECK(run.json.at("otherData").at("peak_bytes").get<int>() > 0);
  CHECK(run.json.at("otherData").at("left_out") == 0);
  std::set<std::pair<int, std::int64_t>> begun;
  for (const Json& event : run.json.at("traceEvents")) {
    check_event(event);
    if (event.at("ph") == "X") begun.emplace(event.at("tid"), ns(event.at("ts")));
    if (event.at("ph") == "f") CHECK(begun.contains({event.at("tid"), ns(event.at("ts"))}));
  }
  std::set<std::string> rows, counters;
  for (const Json& event : run.by_phase["M"])
    if (event.at("name") == "thread_name") rows.insert(event.at("args").at("name"));
  CHECK(rows.contains("main"));
  CHECK(rows.contains("lane model 1"));
  CHECK(rows.contains("lane service"));
  for (const Json& event : run.by_phase["C"]) counters.insert(event.at("name"));
  for (const char* name :
       {"live payload bytes", "step credits out", "trajectories alive", "waiting in the Gate"}) {
    CAPTURE(name);
    CHECK(counters.contains(name));
  }
}

TEST_CASE("each body is traced once, with initial time, members and lead") {
  Traced run(kPipeline);
  std::map<std::string, std::set<std::string>> keys;
  for (const Json& span : run.spans("run")) {
    Json key;
    for (const char* name : {"init", "members", "lead_hours"})
      if (span.at("args").contains(name)) key[name] = span["args"][name];
    CHECK(keys[span.at("name")].insert(key.dump()).second);
  }
  for (const auto& node : run.graph.nodes) {
    CAPTURE(node.name);
    CHECK(static_cast<std::int64_t>(keys[node.name].size()) == run.graph.plan.count(node.axes));
  }
  CHECK(keys["analysis"] ==
        std::set<std::string>{R"({"init":"2002-01-01T00"})", R"({"init":"2002-01-02T00"})"});
  CHECK(keys["step"].contains(R"({"init":"2002-01-02T00","lead_hours":24,"members":"3-4"})"));
  CHECK(run.spans("fold").size() == 32);
  CHECK(run.spans("open").size() == 9);
  CHECK(run.spans("finish").size() == 9);
  CHECK(run.spans("close").size() == 9);
}

TEST_CASE("spans of one thread do not overlap") {
  toy::set_jitter(100);
  Traced run(kPipeline);
  toy::set_jitter(0);
  std::map<int, std::map<std::int64_t, std::int64_t>> rows;  // end by begin
  for (const Json& span : run.by_phase["X"])
    rows[span.at("tid")][ns(span.at("ts"))] = ns(span.at("ts")) + ns(span.at("dur"));
  std::size_t spans = 0;
  for (const auto& [tid, row] : rows) {
    std::int64_t end = 0;
    for (const auto& [begin, ends] : row) {
      CHECK(begin >= end);
      end = ends;
      ++spans;
    }
  }
  CHECK(spans == run.by_phase["X"].size());
}

TEST_CASE("arrows lead along the edges, from the span that sent to the span that read") {
  Traced run(kPipeline);
  std::map<int, Json> starts;
  for (const Json& start : run.by_phase["s"]) CHECK(starts.emplace(start.at("id"), start).second);
  CHECK(run.by_phase["f"].size() == starts.size());
  for (const Json& end : run.by_phase["f"])
    CHECK(ns(starts.at(end.at("id")).at("ts")) <= ns(end.at("ts")));

  const TraceFile trace = read_trace(run.file);
  std::map<std::string, int> edges;
  for (const auto& span : trace.spans)
    for (const auto& input : span.inputs) {
      const auto& from = trace.spans[input.from];
      CHECK(from.begin <= input.sent);
      CHECK(input.sent <= from.end + 1e-3);
      ++edges[from.node + " " + span.node];
    }
  CHECK(edges == std::map<std::string, int>{{"analysis rollout", 4},
                                            {"rollout step", 8},
                                            {"step rollout", 4},
                                            {"step decode", 8},
                                            {"decode mean", 32},
                                            {"decode error", 32},
                                            {"truth error", 32},
                                            {"decode fields", 32},
                                            {"error fields", 32},
                                            {"mean table", 16}});
}

/// Waits in a graph whose nodes wait for everything that there is, by "node cause".
std::map<std::string, double> waits() {
  toy::set_jitter(2000);
  Traced run(toy::head(2, 4, 2, 8, "threads = 8\nwindow = 1\nin_flight = 1") + R"(
[nodes.analysis]
type = "toy_analysis"
[nodes.rollout]
type = "toy_rollout"
in.seed = "analysis"
in.next = "step"
[nodes.step]
type = "toy_step"
in = "rollout"
[nodes.decode]
type = "toy_decode"
in = "step"
lane = "service"
[nodes.slow]
type = "toy_pass"
in = "decode"
limit = 1
[nodes.fields]
type = "toy_trajectory_sink"
in = "slow"
)");
  toy::set_jitter(0);
  std::map<std::string, double> by_cause;
  for (const Json& span : run.spans("run")) {
    double sum = 0.0;
    for (const char* cause : kCauses) {
      sum += waited(span, cause);
      by_cause[span.at("name").get<std::string>() + " " + cause] += waited(span, cause);
    }
    CHECK(span.at("args").at("waited_us").get<double>() == doctest::Approx(sum).epsilon(1e-6));
    if (sum > 0.0) CHECK(waited(span, span.at("args").at("cause").get<std::string>().c_str()) > 0);
  }
  return by_cause;
}

TEST_CASE("a span tells what its task waited for") {
  // Whether a message meets a busy node in one run depends on the machine; in ten it does.
  std::map<std::string, double> by_cause;
  for (int run = 0; run < 10; ++run)
    for (const auto& [cause, time] : waits()) by_cause[cause] += time;
  CHECK(by_cause["rollout admission"] > 0.0);
  CHECK(by_cause["rollout credit"] > 0.0);
  CHECK(by_cause["slow limit"] > 0.0);
  CHECK(by_cause["fields order"] > 0.0);
  CHECK(by_cause["step admission"] == 0.0);
}

TEST_CASE("a trace is written when a node fails and when the user interrupts") {
  toy::set_fault({"step", "run", 3});
  Traced failed(kPipeline);
  toy::set_fault({});
  const std::string outcome = failed.json.at("otherData").at("outcome");
  CHECK(outcome.starts_with("error: node 'step' failed at init 2002-01-0"));
  CHECK(failed.spans("run").size() > 3);
  CHECK(failed.spans("close").size() == 9);
  for (const Json& event : failed.json.at("traceEvents")) check_event(event);

  std::atomic<int> calls{0};
  RunOptions options;
  options.interrupted = [&calls] { return ++calls > 60; };
  Traced interrupted(kPipeline, options);
  CHECK(interrupted.json.at("otherData")
            .at("outcome")
            .get<std::string>()
            .starts_with("interrupted: "));
}

TEST_CASE("a node that does not open leaves a trace with what was opened") {
  toy::set_fault({"step", "open"});
  Traced run(kPipeline);
  toy::set_fault({});
  CHECK(run.spans("run").empty());
  CHECK(!run.spans("open").empty());
  CHECK(run.by_phase["C"].empty());
}

TEST_CASE("run --trace writes the file, also of a failed run, and asks for its folder first") {
  const TemporaryFolder folder;
  const std::string file = folder.write("toy.toml", kPipeline);
  const std::string trace = folder.path() / "t.json";
  std::ostringstream out, err;
  const Streams streams{out, err};
  CHECK(command_line({"run", file, "--trace", trace, "--progress", "none"}, streams) == 0);
  CHECK(read_trace(trace).outcome == "done");
  CHECK(read_trace(trace).pipeline == file);
  toy::set_fault({"step", "run"});
  CHECK(command_line({"run", file, "--trace", trace}, streams) == 1);
  toy::set_fault({});
  CHECK(read_trace(trace).outcome.find("planted in run") != std::string::npos);
  CHECK(!std::filesystem::exists(trace + ".partial"));

  err.str("");
  toy::diary() = {};
  CHECK(command_line({"run", file, "--trace", "/nowhere/t.json"}, streams) == 2);
  CHECK(err.str() == "error: cannot write /nowhere/t.json: there is no folder /nowhere\n");
  CHECK(toy::diary().opened == 0);
}

TEST_CASE("graph --trace draws times and refuses the trace of another pipeline") {
  Traced run(kPipeline);
  const std::string file = run.folder.write("toy.toml", kPipeline);
  const std::string other =
      run.folder.write("other.toml", toy::head(1, 1, 1, 0, "") +
                                         "[nodes.read]\ntype = \"toy_analysis\"\n"
                                         "[nodes.table]\ntype = \"toy_sink\"\nin = \"read\"\n");
  std::ostringstream out, err;
  const Streams streams{out, err};
  CHECK(command_line({"graph", file, "--trace", run.file, "--format", "mermaid"}, streams) == 0);
  CHECK(out.str().find("<small>toy_analysis</small><br/><small>") != std::string::npos);
  CHECK(out.str().find(", 2 calls</small>") != std::string::npos);
  CHECK(command_line({"graph", other, "--trace", run.file}, streams) == 2);
  CHECK(err.str().starts_with("error: " + run.file.string() +
                              " is the trace of another pipeline: " + other + " has no node '"));
}
