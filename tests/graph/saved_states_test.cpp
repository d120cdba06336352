// Continued runs of stages that save states.

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/resource.h>

#include <csignal>
#include <fstream>
#include <random>

#include "graph/diagnostics.h"
#include "graph/journal.h"
#include "graph/journal_status.h"
#include "tests/graph/toy_nodes.h"
#include "tests/nodes/error_message.h"
#include "tests/temporary_folder.h"

using namespace ladcast;

namespace {

namespace fs = std::filesystem;

struct Learning {
  int threads = 2;
  int in_flight = 4;
  int save_every = 10;
  bool keep_states = true;
  bool keep = true;  // of the sink
  int state_bytes = 8;
  std::string more{};
};

std::string pipeline(int iterations, const Learning& s = {}) {
  return fmt::format(R"(
flow = 1
[run]
iterations = {}
seed = 7
[engine]
threads = {}
in_flight = {}
[nodes.samples]
type = "toy_analysis"
[nodes.learner]
type = "toy_learner"
in = "samples"
label = "learner"
save_every = {}
keep_states = {}
state_bytes = {}
[nodes.table]
type = "toy_sink"
in = "learner"
label = "table"
keep = {}
{})",
                     iterations, s.threads, s.in_flight, s.save_every, s.keep_states, s.state_bytes,
                     s.keep, s.more);
}

/// A second learner that reads the first, and saves more rarely.
const std::string kSecond = R"(
[nodes.second]
type = "toy_learner"
in = "learner"
label = "second"
save_every = 17
[nodes.second_table]
type = "toy_sink"
in = "second"
label = "second_table"
keep = true
)";

std::map<std::string, std::uint64_t> unbroken(const std::string& text) {
  toy::run(text);
  return toy::diary().hashes;
}

std::vector<std::string> states_in(const fs::path& journal) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(journal / "state"))
    names.push_back(entry.path().filename());
  std::sort(names.begin(), names.end());
  return names;
}

std::string failure(const std::string& text, const fs::path& journal, bool resume) {
  try {
    toy::run_part(text, journal, resume);
  } catch (const RunError& error) {
    return error.what();
  }
  return "none";
}

/// Writes beyond this size fail in its life, as on a full disk.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() {
    setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit before_{};
  void (*handler_)(int);
};

}  // namespace

TEST_CASE("learners, stopped at random and resumed until they end, give the unbroken results") {
  const TemporaryFolder folder;
  std::mt19937 draw(1);
  for (int round = 0; round < 25; ++round) {
    CAPTURE(round);
    Learning shape{.in_flight = std::array{1, 4, 9}[draw() % 3],
                   .save_every = std::array{1, 2, 7, 30}[draw() % 4],
                   .more = draw() % 2 ? kSecond : ""};
    const int iterations = 1 + static_cast<int>(draw() % 80);
    CAPTURE(iterations);
    CAPTURE(pipeline(iterations, shape));
    const auto expected = unbroken(pipeline(iterations, shape));
    for (bool resume = false;; resume = true) {
      shape.threads = std::array{1, 2, 8}[draw() % 3];
      const auto stop = static_cast<std::int64_t>(40 + draw() % 250);
      const bool ended = toy::goes_on(pipeline(iterations, shape), folder.path(), resume, stop);
      CHECK(states_in(folder.path()).size() <= (shape.more.empty() ? 3 : 6));
      if (ended) break;
    }
    CHECK(toy::diary().hashes == expected);
  }
}

TEST_CASE("a resumed learner begins at its last state before what is missing") {
  const TemporaryFolder folder;
  CHECK(!toy::goes_on(pipeline(100), folder.path(), false, 3 * 75));
  const RunReport rest = toy::run_part(pipeline(100), folder.path(), true);
  CHECK(toy::diary().seen.at("learner") <= 100 - 60);
  CHECK(toy::diary().seen.at("learner") >= 100 - 75);
  CHECK(rest.tasks + rest.tasks_before == 300);
}

TEST_CASE(
    "a finished run has nothing to do, and goes on with more iterations from its last state") {
  const TemporaryFolder folder;
  toy::run_part(pipeline(95), folder.path(), false);
  CHECK(states_in(folder.path()) == std::vector<std::string>{"learner.iteration91.0.0"});
  CHECK(toy::run_part(pipeline(95), folder.path(), true).tasks == 0);
  CHECK(toy::diary().seen.at("learner") == 0);
  const auto expected = unbroken(pipeline(130));
  toy::run_part(pipeline(130), folder.path(), true);
  CHECK(toy::diary().hashes == expected);
  CHECK(toy::diary().seen.at("learner") == 130 - 90);
  CHECK(toy::diary().seen.at("table") == 130 - 95);
}

TEST_CASE("fewer iterations, or initial times, are another run") {
  const TemporaryFolder folder;
  toy::run_part(pipeline(20), folder.path(), false);
  CHECK_THROWS_WITH_AS(toy::run_part(pipeline(10), folder.path(), true),
                       doctest::Contains("run.iterations: 20 in the journal, 10 now"),
                       PipelineError);
  std::string times = pipeline(20);
  times.replace(times.find("iterations = 20"), 15, "inits = [\"2002-01-01\"]");
  CHECK_THROWS_WITH_AS(toy::run_part(times, folder.path(), true),
                       doctest::Contains("run.iterations: 20 in the journal, nothing now"),
                       PipelineError);
  toy::run_part(times, folder.path(), false);
  CHECK_THROWS_WITH_AS(toy::run_part(pipeline(20), folder.path(), true),
                       doctest::Contains("run.iterations: nothing in the journal, 20 now"),
                       PipelineError);
}

TEST_CASE("without states, or for a sink that does not keep, everything comes again") {
  const TemporaryFolder folder;
  for (const Learning& shape : {Learning{.save_every = 0, .keep_states = false},
                                Learning{.save_every = 0}, Learning{.keep = false}}) {
    const auto expected = unbroken(pipeline(60, shape));
    CHECK(!toy::goes_on(pipeline(60, shape), folder.path(), false, 120));
    toy::run_part(pipeline(60, shape), folder.path(), true);
    CHECK(toy::diary().hashes == expected);
    CHECK(toy::diary().seen.at("learner") == 60);
  }
}

TEST_CASE("a learner that nobody reads goes on from its last state too") {
  std::string text = pipeline(60);
  text = text.substr(0, text.find("[nodes.table]"));
  const auto expected = unbroken(text);
  const TemporaryFolder folder;
  CHECK(!toy::goes_on(text, folder.path(), false, 2 * 45));
  toy::run_part(text, folder.path(), true);
  CHECK(toy::diary().hashes == expected);
  CHECK(toy::diary().seen.at("learner") <= 60 - 30);
  CHECK(toy::run_part(text, folder.path(), true).tasks == 0);
}

TEST_CASE("what a learner makes at its end comes again where only that was broken off") {
  const TemporaryFolder folder;
  const auto expected = unbroken(pipeline(60));
  toy::set_fault({"table", "finish"});
  CHECK(contains(failure(pipeline(60), folder.path(), false), "planted in finish"));
  toy::set_fault({});
  toy::run_part(pipeline(60), folder.path(), true);
  CHECK(toy::diary().hashes == expected);
  CHECK(toy::diary().seen.at("learner") == 10);
}

TEST_CASE("few states are on disk at any time, even where each iteration saves one") {
  for (const int every : {1, 3, 20}) {
    const TemporaryFolder folder;
    const Learning shape{.save_every = every, .more = kSecond};
    std::size_t most = 0;
    Graph graph = build_graph(parse_pipeline(pipeline(100, shape), "toy.toml"));
    const auto journal = Journal::begin(folder.path(), graph, RunOrigin{});
    RunOptions options;
    options.journal = journal.get();
    options.taps.push_back({graph.find("learner"), 0, [&](const Key&, const Payload&) {
                              std::size_t count = 0;
                              for (const auto& name : states_in(folder.path()))
                                count += name.starts_with("learner.") && !name.ends_with("partial");
                              most = std::max(most, count);
                            }});
    run_graph(graph, options);
    CHECK(most >= 1);
    CHECK(most <= 3);
  }
}

TEST_CASE("a damaged state is not believed") {
  const TemporaryFolder folder;
  const auto expected = unbroken(pipeline(60));
  CHECK(!toy::goes_on(pipeline(60), folder.path(), false, 3 * 40));
  const auto names = states_in(folder.path());
  REQUIRE(!names.empty());
  for (const auto& name : names) {
    std::fstream file(folder.path() / "state" / name);
    file.seekp(68);
    file.put('#');
  }
  folder.write("state/learner.iteration41.0.0.partial", "half of a state");
  toy::run_part(pipeline(60), folder.path(), true);
  CHECK(toy::diary().hashes == expected);
  CHECK(toy::diary().seen.at("learner") == 60);
  CHECK(states_in(folder.path()) == std::vector<std::string>{"learner.iteration51.0.0"});
}

TEST_CASE("a state that cannot be written ends the run, and the one before stays whole") {
  const TemporaryFolder folder;
  const Learning shape{.state_bytes = 1 << 20};
  const auto expected = unbroken(pipeline(60, shape));
  CHECK(!toy::goes_on(pipeline(60, shape), folder.path(), false, 3 * 25));
  const auto before = states_in(folder.path());
  REQUIRE(!before.empty());
  std::string text;
  {
    const FileSizeLimit limit(1 << 19);
    text = failure(pipeline(60, shape), folder.path(), true);
  }
  CHECK(contains(text, "error: node 'learner' failed at iteration 31\n      = cannot write "));
  CHECK(contains(text, "learner.iteration31.0.0: File too large"));
  CHECK(!contains(text, "then also"));
  for (const auto& name : states_in(folder.path())) CHECK(!contains(name, "partial"));
  toy::run_part(pipeline(60, shape), folder.path(), true);
  CHECK(toy::diary().hashes == expected);
  CHECK(toy::diary().seen.at("learner") <= 60 - 10);
}

TEST_CASE("a learner of initial times goes on as well, and no item of it is left out") {
  std::string text = pipeline(1);
  const std::string inits =
      "inits = { first = 2002-01-01T00:00:00Z, last = 2002-02-20T00:00:00Z, every_hours = 24 }";
  text.replace(text.find("iterations = 1"), 14, inits);
  const auto expected = unbroken(text);
  const TemporaryFolder folder;
  CHECK(!toy::goes_on(text, folder.path(), false, 3 * 35));
  toy::run_part(text, folder.path(), true);
  CHECK(toy::diary().hashes == expected);
  CHECK(toy::diary().seen.at("learner") <= 51 - 20);
  text.replace(text.find("[engine]"), 8, "[engine]\non_error = \"skip_item\"");
  CHECK_THROWS_WITH_AS(build_graph(parse_pipeline(text, "toy.toml")),
                       doctest::Contains("'learner' goes on from states, and engine.on_error is "
                                         "\"skip_item\""),
                       PipelineError);
}

TEST_CASE("a stage that saves a state and does not say so is told") {
  const TemporaryFolder folder;
  CHECK(contains(failure(pipeline(20, {.keep_states = false}), folder.path(), false),
                 "type 'toy_learner' saves a state and does not say that it saves()"));
}

TEST_CASE("a run that has saved no more than a state counts as begun") {
  const TemporaryFolder folder;
  std::string text = pipeline(60);
  text = text.substr(0, text.find("[nodes.table]"));
  CHECK(!toy::goes_on(text, folder.path(), false, 40));
  CHECK(holds_unfinished_run(folder.path()));
  toy::run_part(text, folder.path(), true);
  CHECK(!holds_unfinished_run(folder.path()));
}
