#include "graph/command_line.h"

#include <doctest/doctest.h>

#include <csignal>
#include <sstream>
#include <thread>

#include "tests/graph/toy_nodes.h"
#include "tests/temporary_folder.h"

using namespace ladcast;

namespace {

struct Result {
  int code;
  std::string out;
  std::string err;
};

Result call(const std::vector<std::string>& arguments) {
  std::ostringstream out, err;
  const int code = command_line(arguments, {out, err});
  return {code, out.str(), err.str()};
}

std::string pipeline(int leads = 8) {
  return "title = \"Toys\"\n" + toy::head(1, 5, 2, leads, "threads = 2") + R"(
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
label = "step"
lane = "model"
[nodes.decode]
type = "toy_decode"
in = "step"
[nodes.table]
type = "toy_item_sink"
in = "decode"
)";
}

/// A pipeline in a file of its own.
struct Case {
  TemporaryFolder folder;
  std::string file;
  explicit Case(const std::string& text) : file(folder.write("toys.toml", text)) {}
};

}  // namespace

TEST_CASE("a dry run computes a part, keeps nothing and tells of the whole") {
  const Case toys(pipeline() + "[vars]\nout = \"out\"\n");
  const Result result = call({"run", toys.file, "--dry-run"});
  CHECK(result.code == 0);
  CHECK(result.err.find("2 members in 1 batch") != std::string::npos);
  CHECK(result.out.find("nothing was kept") != std::string::npos);
  CHECK(result.out.find("the run takes about ") != std::string::npos);
  CHECK(call({"run", toys.file, "--dry-run", "--resume"}).err.find("keeps nothing") !=
        std::string::npos);
}

TEST_CASE("run says what it runs and what it took") {
  const Case toys(pipeline());
  const Result result = call({"run", toys.file});
  CHECK(result.code == 0);
  CHECK(result.out.empty());
  CHECK(result.err.starts_with(
      "Toys: init 2002-01-01T00, 5 members in 3 batches of 2, 8 leads to 48 h; "
      "2 threads, lane model on cpu, lane service\ndone in "));
  CHECK(result.err.find(": 43 tasks, payloads at most ") != std::string::npos);
}

TEST_CASE("a run whose nodes have all finished has nothing left to resume") {
  const TemporaryFolder journal;
  const auto failure = [&](const char* when) {
    const Case toys(pipeline() + "label = \"table\"\nkeep = true\n");
    toy::set_fault({"table", when});
    const Result result = call({"run", toys.file, "--progress", "none", "--set",
                                "engine.journal=" + journal.path().string()});
    toy::set_fault({});
    CHECK(result.code == 1);
    return result.err;
  };
  const std::string finish = failure("finish"), close = failure("close");
  CHECK(finish.find("error: node 'table' failed to finish\n      = planted in finish") !=
        std::string::npos);
  CHECK(finish.find("--resume") != std::string::npos);
  CHECK(close.find("error: all nodes have finished, but node 'table' ends the run with an error\n"
                   "      = planted in close") != std::string::npos);
  CHECK(close.find("continue with") == std::string::npos);
}

TEST_CASE("run takes changes, a part of the plan and taps") {
  const Case toys(pipeline());
  const Result result =
      call({"run", "--set", "run.members=9", toys.file, "--only", "members=7", "--only",
            "inits=2002-01-01T00", "--tap", "decode", "--progress", "none"});
  CHECK(result.code == 0);
  CHECK(result.out.starts_with(
      "decode.out init 2002-01-01T00, member 7, lead 6 h: [8] count 8, min "));
  CHECK(std::count(result.out.begin(), result.out.end(), '\n') == 8);
}

TEST_CASE("check counts nodes and edges and opens nodes on request") {
  const Case toys(pipeline());
  CHECK(call({"check", toys.file}).out == toys.file + ": ok (5 nodes, 5 edges)\n");
  toy::diary() = {};
  CHECK(call({"check", toys.file, "--open"}).out ==
        toys.file + ": ok (5 nodes, 5 edges, all opened)\n");
  CHECK(toy::diary().opened == 5);
  CHECK(toy::diary().closed == 5);
  CHECK(toy::diary().seen.empty());
}

TEST_CASE("check reports a node that does not open as bad usage") {
  const Case toys(pipeline());
  toy::set_fault({"step", "open"});
  const Result result = call({"check", toys.file, "--open"});
  toy::set_fault({});
  CHECK(result.code == 2);
  CHECK(result.out.empty());
  CHECK(result.err.find("node 'step' failed to open\n      = planted in open") !=
        std::string::npos);
}

TEST_CASE("plan shows tasks, messages, files, memory and disk") {
  const Case toys(
      pipeline() +
      "[nodes.files]\ntype = \"toy_file\"\nin = \"decode\"\npath = \"/out/{init}_{member}.nc\"\n");
  const Result result = call({"plan", toys.file});
  CHECK(result.code == 0);
  CHECK(result.out.find("\n67 tasks, 37 messages\n") != std::string::npos);
  CHECK(result.out.find("\n  decode    toy_decode         6  out           24 ") !=
        std::string::npos);
  CHECK(result.out.find("\n  /out/{init}_{member}.nc  5 files  size not known  files\n") !=
        std::string::npos);
  CHECK(result.out.find("\nmemory, at most ") != std::string::npos);
  CHECK(result.out.find("\n  /: needs about 0 B, has ") != std::string::npos);
}

TEST_CASE("graph writes to a file or to standard output") {
  const Case toys(pipeline());
  const Result printed = call({"graph", toys.file, "--format", "mermaid"});
  CHECK(printed.out.starts_with("flowchart LR\n"));
  const auto file = toys.folder.path() / "toys.dot";
  CHECK(call({"graph", toys.file, "-o", file}).code == 0);
  std::ifstream in(file);
  const std::string picture{std::istreambuf_iterator<char>(in), {}};
  CHECK(picture == call({"graph", toys.file}).out);
  CHECK(call({"graph", toys.file, "-o", toys.file + "/x.dot"}).err ==
        "error: cannot create the folder " + toys.file + ": Not a directory\n");
}

TEST_CASE("nodes lists types, describes one, and asks back for another") {
  CHECK(call({"nodes"}).out.starts_with("Sources\n"));
  CHECK(call({"nodes", "toy_step"})
            .out.starts_with("toy_step: One step of a forecast with noise.\n"));
  CHECK(call({"nodes", "--markdown"}).out.find("### toy_step\n") != std::string::npos);
  CHECK(call({"nodes", "--json", "toy_step"}).out.starts_with("[\n  {\"name\": \"toy_step\", "));
  const Result result = call({"nodes", "toy_stop"});
  CHECK(result.code == 2);
  CHECK(result.err == "error: unknown node type 'toy_stop'\n      = did you mean 'toy_step'?\n");
}

TEST_CASE("every command has help with an example") {
  for (const char* command :
       {"run", "check", "plan", "graph", "profile", "nodes", "status", "test", "new"}) {
    const Result result = call({command, "--help"});
    CHECK(result.code == 0);
    CHECK(result.err.empty());
    CHECK(result.out.find(std::string("Example:\n  ladcast-flow ") + command) != std::string::npos);
  }
  CHECK(call({"--help"}).out.find("Example:\n  ladcast-flow run") != std::string::npos);
}

TEST_CASE("the version names the libraries") {
  const Result result = call({"--version"});
  CHECK(result.code == 0);
  CHECK(result.out.starts_with("ladcast-flow "));
  for (const char* library : {"  CLI11   ", "  fmt     ", "  oneTBB  ", "  toml++  "})
    CHECK(result.out.find(library) != std::string::npos);
}

TEST_CASE("a selection of nothing is refused, not taken for everything") {
  const Case toys(pipeline());
  for (const char* part : {"members=", "inits=", "members=3-2"}) {
    CAPTURE(part);
    const Result result = call({"run", toys.file, "--only", part});
    CHECK(result.code == 2);
    CHECK(result.err.starts_with(std::string("error: --only ") + part));
  }
}

TEST_CASE("bad usage is explained on standard error with exit code 2") {
  const auto expect = [](const std::vector<std::string>& arguments, const std::string& message) {
    const Result result = call(arguments);
    CHECK(result.code == 2);
    CHECK(result.out.empty());
    CHECK(result.err == message);
  };
  const Case toys(pipeline());
  expect({},
         "error: no command is given\n      = commands: run, check, plan, graph, profile, "
         "inspect, models, fetch, retrieve, nodes, status, test, new\n");
  expect({"chek"}, "error: unknown command 'chek'\n      = did you mean 'check'?\n");
  expect({"run"},
         "error: FILE is required\n      = 'ladcast-flow run --help' shows what there is\n");
  expect({"run", toys.file, "--ony", "members=1"},
         "error: unexpected '--ony'\n      = did you mean '--only'?\n");
  expect({"run", toys.file, "x.toml"},
         "error: unexpected 'x.toml'\n      = 'ladcast-flow run --help' shows what there is\n");
  expect({"run", toys.file, "--tap-dir", "x"},
         "error: --tap-dir saves what --tap names, and no --tap is given\n      = add --tap "
         "NODE.PORT\n");
  expect({"run", toys.file, "--tap", "decod"},
         "error: cannot tap 'decod': there is no node 'decod'\n      = did you mean 'decode'?\n");
}

TEST_CASE("a bad pipeline is exit code 2") {
  const Case toys(pipeline() + "in.oops = 1\n");
  const Result result = call({"check", toys.file});
  CHECK(result.code == 2);
  CHECK(result.out.empty());
  CHECK(result.err.find("toys.toml") != std::string::npos);
}

TEST_CASE("a node that fails is exit code 1, and the taps before it are printed") {
  const Case toys(pipeline());
  toy::set_fault({"step", "run"});
  const Result result = call({"run", toys.file, "--tap", "analysis", "--progress", "bar"});
  toy::set_fault({});
  CHECK(result.code == 1);
  CHECK(result.out.starts_with("analysis.out init 2002-01-01T00: "));
  CHECK(result.err.find("error: node 'step' failed at init 2002-01-01T00, ") != std::string::npos);
  CHECK(result.err.find("done in") == std::string::npos);
}

TEST_CASE("Ctrl-C ends a run in good order with exit code 130") {
  const Case toys(pipeline(4000));
  toy::set_jitter(2000);
  toy::diary() = {};
  std::thread user([] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    std::raise(SIGINT);
  });
  const Result result = call({"run", toys.file});
  user.join();
  toy::set_jitter(0);
  CHECK(result.code == 130);
  CHECK(result.err.find("interrupted: ") != std::string::npos);
  CHECK(toy::diary().closed == toy::diary().opened);
  CHECK(call({"check", toys.file}).code == 0);
}
