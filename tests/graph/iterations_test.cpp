// Runs whose items are iterations of an optimiser.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <sstream>

#include "graph/command_line.h"
#include "graph/diagnostics.h"
#include "graph/disk.h"
#include "graph/estimate.h"
#include "graph/journal_status.h"
#include "graph/plan_text.h"
#include "graph/tap.h"
#include "tests/graph/toy_nodes.h"
#include "tests/nodes/error_message.h"
#include "tests/temporary_folder.h"

using namespace ladcast;

namespace {

const std::string kNodes = R"(
[nodes.samples]
type = "toy_analysis"
label = "samples"
[nodes.learner]
type = "toy_learner"
in = "samples"
label = "learner"
[nodes.table]
type = "toy_sink"
in = "learner"
label = "table"
keep = true
)";

std::string pipeline(int iterations, const std::string& run = "", const std::string& engine = "") {
  return fmt::format("flow = 1\n[run]\niterations = {}\nseed = 7\n{}\n[engine]\n{}\n", iterations,
                     run, engine) +
         kNodes;
}

Graph graph_of(const std::string& text) { return build_graph(parse_pipeline(text, "p.toml")); }

std::string problem(const std::string& text, const std::vector<std::string>& only = {}) {
  try {
    Selection selection;
    for (const auto& part : only) add_selection(selection, part);
    build_graph(parse_pipeline(text, "p.toml"), selection);
  } catch (const PipelineError& error) {
    return error.what();
  }
  return "none";
}

struct Result {
  int code;
  std::string out, err;
};

Result command(std::vector<std::string> words, const std::string& text) {
  const TemporaryFolder folder;
  words.insert(words.begin() + 1, folder.write("p.toml", text).string());
  std::ostringstream out, err;
  const int code = command_line(words, {out, err, 0});
  return {code, out.str(), err.str()};
}

}  // namespace

TEST_CASE("a plan of iterations names them from 1 and gives each a time of its own") {
  const Plan plan = graph_of(pipeline(1000)).plan;
  const Axes item{true, {}, false};
  CHECK(plan.iterations == 1000);
  CHECK(plan.items() == 1000);
  CHECK(plan.members() == 1);
  CHECK(plan.in_flight == 4);
  CHECK(plan.item_name(16) == "iteration 17");
  CHECK(plan.describe({16, 0, 0}, item) == "iteration 17");
  CHECK(plan.describe({16, 0, 0}, {false, {}, false}) == "the whole run");
  CHECK(plan.describe_json({16, 0, 0}, item) == "\"iteration\": 17");
  CHECK(plan.count_items(1) == "1 iteration");
  CHECK(plan.inits[16] == iteration_time(17));
  CHECK(tap_file_name("a.b", plan, item, {16, 0, 0}, "") == "a.b_iteration17.npy");
}

TEST_CASE("places among keys lead back to the keys") {
  Plan plan;
  plan.inits = {Time{}, Time{} + std::chrono::hours{6}};
  plan.batches = {{1, 2}, {3}, {4}};
  plan.leads = 9;
  for (const Axes& axes :
       {Axes{true, {2, 3, 3}, true}, Axes{true, {}, true}, Axes{false, {1, 1, 9}},
        Axes{false, {}, false}, Axes{true, {0, 2, 5}, false}}) {
    const auto keys = plan.keys(axes);
    CHECK(keys.size() == static_cast<std::size_t>(plan.count(axes)));
    CHECK(std::is_sorted(keys.begin(), keys.end()));
    for (std::size_t i = 0; i < keys.size(); ++i)
      CHECK(plan.index_of(keys[i], axes) == static_cast<std::int64_t>(i));
  }
}

TEST_CASE("what a run of iterations has no use for is refused with the cure") {
  CHECK(contains(
      problem(pipeline(10, "inits = [\"2002-01-01\"]")),
      "error: run.iterations and run.inits are both there\n    5 | inits = [\"2002-01-01\"]\n"
      "      |         ^^^^^^^^^^^^^^\n"
      "      = a run of iterations has no initial times: remove one of them"));
  CHECK(contains(problem(pipeline(10, "members = 2")),
                 "run.iterations and run.members are both there"));
  CHECK(contains(problem(pipeline(10, "lead = { step_hours = 6, until_hours = 12 }")),
                 "run.iterations and run.lead are both there"));
  CHECK(contains(problem(pipeline(10, "batch = 4")),
                 "run.iterations and run.batch are both there\n    5 | batch = 4\n"
                 "      |         ^\n      = set `batch` of the node that reads samples"));
  CHECK(problem(pipeline(10, "members = 1")) == "none");
  CHECK(contains(problem(pipeline(0)), "run.iterations: 0 is not between 1 and 10000000"));
  CHECK(contains(problem(pipeline(10'000'001)), "10000001 is not between 1 and 10000000"));
  CHECK(contains(
      problem(pipeline(10), {"inits=2002-01-01"}),
      "error: --only inits: this run has iterations, not initial times\n      = leave it out"));
  CHECK(contains(problem(pipeline(10, "", "on_error = \"skip_item\"")),
                 "engine.on_error is \"skip_item\", and this run has iterations"));
  CHECK(contains(problem("flow = 1\n[run]\nseed = 1\n" + kNodes), "or iterations = 1000 where an"));
}

TEST_CASE("a path for each initial time is refused in a run of iterations") {
  const std::string file = "[nodes.file]\ntype = \"toy_file\"\nin = \"learner\"\npath = ";
  CHECK(contains(
      problem(pipeline(10) + file + "\"out/{init}.nc\"\n"),
      "error: path: \"out/{init}.nc\" names a file for each initial time, and this run has "
      "iterations"));
  CHECK(contains(problem(pipeline(10) + file + "\"out/all.nc\"\n"),
                 "'file' writes 10 iterations to one path"));
}

TEST_CASE("nodes that need leads or all items at once say so of iterations") {
  CHECK(contains(problem(pipeline(10) + R"(
[nodes.rollout]
type = "toy_rollout"
in.seed = "samples"
in.next = "step"
[nodes.step]
type = "toy_step"
in = "rollout"
)"),
                 "a run of iterations has no leads"));
}

TEST_CASE("plan, graph and the line of a run speak of iterations") {
  const Graph graph = graph_of("title = \"Toys\"\n" + pipeline(855'000, "", "threads = 2"));
  CHECK(run_line(graph, {}) == "Toys: 855000 iterations; 2 threads");
  const std::string text = plan_text(graph, volumes(graph));
  CHECK(contains(text, "2565000 tasks, 1710000 messages"));
  CHECK(!contains(text, "1970"));
  CHECK(contains(command({"plan"}, pipeline(20)).out, "20 iterations"));
  const Result drawn = command({"graph", "--format", "mermaid"}, pipeline(20));
  CHECK(drawn.code == 0);
  CHECK(contains(drawn.out, "learner"));
  CHECK(contains(command({"retrieve"}, pipeline(20)).err, "runs iterations, not initial times"));
}

TEST_CASE("few iterations are in flight, whatever their number") {
  for (const int in_flight : {1, 4}) {
    const auto text = pipeline(500, "", fmt::format("threads = 4\nin_flight = {}", in_flight)) + R"(
[nodes.pass]
type = "toy_pass"
in = "samples"
[nodes.seen]
type = "toy_sink"
in = ["pass", "learner"]
label = "seen"
)";
    CAPTURE(in_flight);
    const auto bound = estimate(graph_of(text));
    toy::set_jitter(100);
    const RunReport report = toy::run(text);
    toy::set_jitter(0);
    CHECK(toy::diary().seen.at("seen") == 500);
    // Samples, what passes and what is learnt, of each item in flight and the one read ahead.
    CHECK(bound.payloads == 3 * (in_flight + 1));
    CHECK(report.peak_payloads <= static_cast<std::size_t>(bound.payloads));
    CHECK(report.left_payloads == 0);
  }
}

TEST_CASE("iterations differ in their random numbers, and give equal results at any thread count") {
  toy::run(pipeline(200, "", "threads = 1"));
  const auto expected = toy::diary().hashes;
  for (const int threads : {2, 8}) {
    toy::set_jitter(50);
    toy::run(pipeline(200, "", fmt::format("threads = {}", threads)));
    toy::set_jitter(0);
    CHECK(toy::diary().hashes == expected);
  }
  CHECK(toy::diary().finished.back() == "table");
}

TEST_CASE("failures, notices and the log name the iteration") {
  toy::set_fault({"learner", "run", 16});
  std::string text;
  try {
    toy::run(pipeline(50));
  } catch (const RunError& error) {
    text = error.what();
    CHECK(error.failures.front().key == "\"iteration\": 17");
  }
  toy::set_fault({"learner", "run", 16});
  const Result logged = command({"run", "--log", "json", "--progress", "none"}, pipeline(50));
  toy::set_fault({});
  CHECK(contains(text, "error: node 'learner' failed at iteration 17\n      = planted in run"));
  CHECK(contains(logged.err, "\"event\": \"start\""));
  CHECK(contains(logged.err, "\"iterations\": 50, \"tasks\": 150"));
  CHECK(contains(logged.err, "{\"event\": \"item\", \"node\": \"table\", \"iteration\": 10}"));
  CHECK(contains(logged.err,
                 "\"when\": \"run\", \"iteration\": 17, \"message\": \"planted in run\""));
  CHECK(!contains(logged.err, "1970"));
}

TEST_CASE("tests of a pipeline vary what does not matter to its iterations") {
  const std::string head = "flow = 1\n[vars]\nout = \"out\"\n" + pipeline(1000).substr(9);
  const Result good = command({"test"}, head + R"(
[[tests]]
name   = "threads and reading ahead change nothing"
run    = { iterations = 30 }
vary   = { "engine.threads" = [1, 2], "engine.in_flight" = [1, 4] }
expect = { same = ["table"], messages = { learner = 30 }, finite = ["learner"] }
)");
  CHECK(good.err == "");
  CHECK(contains(good.out, "4 runs, passed"));
  const Result bad = command({"test"}, head + R"(
[[tests]]
name   = "the seed changes nothing"
run    = { iterations = 30 }
vary   = { "run.seed" = [1, 2] }
expect = { same = ["learner"] }
)");
  CHECK(contains(bad.out, "run.seed=2: 'learner.out' at iteration 1 differs"));
}

TEST_CASE("status counts iterations") {
  const TemporaryFolder folder;
  CHECK_THROWS_AS(toy::run_part(pipeline(40), folder.path(), false, 60), Interrupted);
  CHECK(contains(journal_status(folder.path()), "40 iterations, not complete"));
  toy::run_part(pipeline(40), folder.path(), true);
  CHECK(contains(journal_status(folder.path()), "40 iterations, complete"));
  CHECK(contains(journal_status(folder.path()), "last iteration\n  table    40  40  40\n"));
}

TEST_CASE("many iterations take little time and memory for each") {
  const char* asked = std::getenv("LADCAST_ITERATIONS");
  const int iterations = asked ? std::atoi(asked) : 3000;
  const TemporaryFolder folder;
  std::string text = pipeline(iterations);
  text.replace(text.find("label = \"learner\""), 0, "save_every = 1000\n");
  auto seconds = [start = std::chrono::steady_clock::now()]() mutable {
    const auto before = std::exchange(start, std::chrono::steady_clock::now());
    return std::chrono::duration<double>(start - before).count();
  };
  const RunReport report = toy::run(text);
  CHECK(report.tasks == 3 * std::int64_t{iterations});
  const double plain = seconds();
  toy::run_part(text, folder.path(), false);
  const double kept = seconds();
  CHECK(toy::run_part(text, folder.path(), true).tasks == 0);
  const double resumed = seconds();
  if (asked)
    MESSAGE(fmt::format(
        "{} iterations: {:.1f} us each, {:.1f} us with a journal, {:.2f} us to "
        "resume",
        iterations, 1e6 * plain / iterations, 1e6 * kept / iterations, 1e6 * resumed / iterations));
}
