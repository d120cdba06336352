#include <doctest/doctest.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <fstream>
#include <random>

#include "graph/diagnostics.h"
#include "graph/journal.h"
#include "graph/journal_record.h"
#include "graph/journal_status.h"
#include "tests/graph/random_pipeline.h"
#include "tests/graph/toy_nodes.h"
#include "tests/nodes/error_message.h"
#include "tests/temporary_folder.h"

using namespace ladcast;

namespace {

std::atomic<int> failing_syncs = 0;

}  // namespace

/// The system's own, but so many fail first: a disk tells of an error once.
extern "C" int fdatasync(int file) {
  if (failing_syncs > 0 && failing_syncs-- > 0) {
    errno = EIO;
    return -1;
  }
  return static_cast<int>(::syscall(SYS_fdatasync, file));
}

namespace {

namespace fs = std::filesystem;

const std::string kLoop = R"(
[nodes.analysis]
type = "toy_analysis"
label = "analysis"
[nodes.rollout]
type = "toy_rollout"
in.seed = "analysis"
in.next = "step"
frames = 2
[nodes.step]
type = "toy_step"
in = "rollout"
[nodes.decode]
type = "toy_decode"
in = "step"
frames = 2
[nodes.sink]
type = "toy_item_sink"
label = "sink"
in = "decode"
keep = true
)";

std::string pipeline(int items, int leads, const std::string& more = "") {
  return toy::head(items, 4, 2, leads, "threads = 2") + kLoop + more;
}

std::string refusal(const std::string& text, const fs::path& journal) {
  try {
    toy::run_part(text, journal, true);
  } catch (const PipelineError& error) {
    return error.what();
  }
  return "not refused";
}

}  // namespace

TEST_CASE("random graphs, stopped at random and resumed until they end, give the unbroken hashes") {
  const char* count = std::getenv("LADCAST_RANDOM_GRAPHS");
  const unsigned graphs = count ? static_cast<unsigned>(std::stoul(count)) : 150;
  const TemporaryFolder folder;
  for (unsigned seed = 0; seed < graphs; ++seed) {
    CAPTURE(seed);
    const toy::RandomPipeline random(seed);
    CAPTURE(random.text(1));
    const RunReport whole = toy::run(random.text(1));
    const auto expected = toy::diary().hashes;
    std::mt19937 draw(seed);
    int rounds = 0;
    for (bool resume = false;; resume = true, ++rounds) {
      REQUIRE(rounds < 200);
      const int threads = std::array{1, 2, 8}[draw() % 3];
      const auto stop = static_cast<std::int64_t>(
          draw() % (static_cast<unsigned long>(whole.tasks) + 1) + (rounds > 20 ? 100000 : 0));
      if (toy::goes_on(random.text(threads), folder.path() / "journal", resume, stop)) break;
    }
    CHECK(toy::diary().hashes == expected);
  }
}

TEST_CASE("a finished run that is resumed has nothing to do") {
  const TemporaryFolder folder;
  toy::run_part(pipeline(2, 8), folder.path(), false);
  const auto expected = toy::diary().hashes;
  const RunReport again = toy::run_part(pipeline(2, 8), folder.path(), true);
  CHECK(again.tasks == 0);
  CHECK(again.tasks_before > 0);
  CHECK(toy::diary().hashes == expected);
}

TEST_CASE("a resumed run starts at the last saved state, and leaves finished items alone") {
  const TemporaryFolder folder;
  CHECK(!toy::goes_on(pipeline(2, 8), folder.path(), false, 45));
  const RunReport rest = toy::run_part(pipeline(2, 8), folder.path(), true);
  CHECK(rest.tasks_before > 10);
  CHECK(rest.tasks + rest.tasks_before == 82);
}

TEST_CASE("a finished run is extended by later leads and by initial times at the end") {
  const TemporaryFolder folder;
  toy::run(pipeline(3, 12));
  const auto expected = toy::diary().hashes;
  toy::run_part(pipeline(2, 8), folder.path(), false);
  const RunReport rest = toy::run_part(pipeline(3, 12), folder.path(), true);
  CHECK(toy::diary().hashes == expected);
  // Two more steps of two trajectories of two items: nothing before lead 6 is computed again.
  CHECK(rest.tasks_before >= 2 * 2 * (3 * 2 + 8));
}

TEST_CASE("a journal of another run is refused with each difference") {
  const TemporaryFolder folder;
  toy::run_part(pipeline(2, 8), folder.path(), false);
  const std::string other = refusal(
      pipeline(2, 8, "[nodes.more]\ntype = \"toy_item_sink\"\nin = \"step\"\n"), folder.path());
  CHECK(contains(other, "is the journal of another run"));
  CHECK(contains(other, "nodes.more.type: nothing in the journal, \"toy_item_sink\" now"));
  CHECK(
      contains(refusal(pipeline(1, 8), folder.path()),
               "run.inits (times may only be added at the end): 2002-01-01T00 2002-01-02T00 in the "
               "journal, 2002-01-01T00 now"));
  CHECK(contains(refusal(pipeline(2, 4), folder.path()),
                 "run.lead.until_hours: 48 in the journal, 24 now"));
  CHECK(contains(refusal(pipeline(2, 8), folder.path() / "nowhere"), "there is nothing to resume"));
}

TEST_CASE("a file may come or go, but not change") {
  const TemporaryFolder folder;
  const Graph graph = build_graph(parse_pipeline(pipeline(2, 8), "toy.toml"));
  RunOrigin origin;
  origin.files = {{"a.nc", "sha256:1"}, {"b.nc", "sha256:2"}};
  Journal::begin(folder.path(), graph, origin);
  origin.files = {{"b.nc", "sha256:2"}, {"c.nc", "sha256:3"}};
  Journal::resume(folder.path(), graph, origin);
  origin.files = {{"b.nc", "sha256:4"}};
  CHECK_THROWS_WITH_AS(Journal::resume(folder.path(), graph, origin),
                       doctest::Contains("file b.nc: sha256:2 in the journal, sha256:4 now"),
                       PipelineError);
}

TEST_CASE("records after a torn one are not believed") {
  const TemporaryFolder folder;
  toy::run(pipeline(2, 8));
  const auto expected = toy::diary().hashes;
  toy::run_part(pipeline(2, 8), folder.path(), false);
  const fs::path file = folder.path() / "journal";
  const auto size = fs::file_size(file);
  for (const auto cut : {size - 1, size - 20, size / 2 + 500, size * 3 / 4}) {
    CAPTURE(cut);
    toy::run_part(pipeline(2, 8), folder.path(), false);
    fs::resize_file(file, cut);
    CHECK(contains(journal_status(folder.path()), "not complete"));
    toy::run_part(pipeline(2, 8), folder.path(), true);
    CHECK(toy::diary().hashes == expected);
  }
  toy::run_part(pipeline(2, 8), folder.path(), false);
  std::fstream stream(file);
  stream.seekp(static_cast<std::streamoff>(size * 3 / 4));
  stream.put('#');
  stream.close();
  toy::run_part(pipeline(2, 8), folder.path(), true);
  CHECK(toy::diary().hashes == expected);
}

TEST_CASE("a journal that did not reach the disk once is not taken for safe later") {
  const TemporaryFolder folder;
  const Graph graph = build_graph(parse_pipeline(pipeline(1, 2), "toy.toml"));
  failing_syncs = 1;
  const auto journal = Journal::begin(folder.path(), graph, RunOrigin{});
  REQUIRE(failing_syncs == 0);
  for (int attempt = 0; attempt < 2; ++attempt)
    CHECK_THROWS_WITH_AS(journal->sync(),
                         doctest::Contains("/journal to the disk: Input/output error"), Error);
}

TEST_CASE("two runs do not write to one journal") {
  const TemporaryFolder folder;
  const Graph graph = build_graph(parse_pipeline(pipeline(2, 8), "toy.toml"));
  const auto held = Journal::begin(folder.path(), graph, RunOrigin{});
  CHECK_THROWS_WITH_AS(Journal::begin(folder.path(), graph, RunOrigin{}),
                       doctest::Contains("another run is writing to"), Error);
}

TEST_CASE("an item that fails is left out and the others are complete") {
  toy::run(pipeline(3, 8));
  auto expected = toy::diary().hashes;
  expected.erase("sink 1");
  for (const int threads : {1, 2, 8}) {
    CAPTURE(threads);
    toy::set_fault({"analysis", "run", 1});
    std::string left_out;
    try {
      toy::run(pipeline(3, 8), {"engine.on_error=skip_item", "engine.in_flight=2",
                                fmt::format("engine.threads={}", threads)});
    } catch (const ItemsFailed& error) {
      left_out = error.what();
    }
    toy::set_fault({});
    CHECK(contains(left_out, "error: 1 of 3 initial times failed and were left out"));
    CHECK(contains(left_out, "node 'analysis' failed at init 2002-01-0"));
    CHECK(contains(left_out, "planted in run"));
    if (threads == 1) CHECK(toy::diary().hashes == expected);
    CHECK(toy::diary().hashes.size() == 2);
    CHECK(toy::diary().finished.size() == 3);
  }
}

TEST_CASE("records with sound checksums that no run wrote are named") {
  for (const std::vector<std::string>& record :
       std::vector<std::vector<std::string>>{{"head", "format"},
                                             {"commit", "sink", "2002-01-01", "one", "0", ""},
                                             {"lose", "sink", "yesterday"}}) {
    const TemporaryFolder folder;
    toy::goes_on(pipeline(2, 8), folder.path(), false, 60);
    std::ofstream(folder.path() / "journal", std::ios::app) << journal_line(record);
    CHECK_THROWS_WITH_AS(toy::run_part(pipeline(2, 8), folder.path(), true),
                         doctest::Contains(("holds a record '" + record[0] + "'").c_str()), Error);
  }
  const TemporaryFolder folder;
  folder.write("journal", journal_line({"sink", "sink", "many"}));
  CHECK_THROWS_WITH_AS(journal_status(folder.path()), doctest::Contains("holds a record 'sink'"),
                       Error);
}

TEST_CASE("an unfinished journal is known, and status counts what is done") {
  const TemporaryFolder folder;
  CHECK(!holds_unfinished_run(folder.path()));
  CHECK(!toy::goes_on(pipeline(2, 8), folder.path(), false, 60));
  CHECK(holds_unfinished_run(folder.path()));
  CHECK(contains(journal_status(folder.path()), "2 initial times to 48 h, not complete"));
  toy::run_part(pipeline(2, 8), folder.path(), true);
  CHECK(!holds_unfinished_run(folder.path()));
  CHECK(contains(journal_status(folder.path()), "2 initial times to 48 h, complete"));
  CHECK(contains(journal_status(folder.path()), "sink    32  32  2002-01-02T00"));
}
