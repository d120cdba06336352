#include <doctest/doctest.h>

#include <sstream>

#include "graph/command_line.h"
#include "graph/diagnostics.h"
#include "graph/graph.h"
#include "tests/graph/toy_nodes.h"
#include "tests/nodes/error_message.h"
#include "tests/temporary_folder.h"

using namespace ladcast;

namespace {

const std::string kPipeline =
    "flow = 1\n[vars]\nout = \"out\"\n" + toy::head(2, 4, 2, 4, "threads = 2").substr(9) + R"(
[nodes.analysis]
type = "toy_analysis"
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
in = "decode"
)";

struct Result {
  int code;
  std::string out, err;
};

Result test(const std::string& tests) {
  const TemporaryFolder folder;
  const auto file = folder.write("toy.toml", kPipeline + tests);
  std::ostringstream out, err;
  const int code = command_line({"test", file.string()}, {out, err, 0});
  return {code, out.str(), err.str()};
}

}  // namespace

TEST_CASE("a test passes where all combinations give equal messages") {
  const Result result = test(R"([[tests]]
name   = "threads change nothing"
run    = { lead.until_hours = 12 }
vary   = { "engine.threads" = [1, 2, 8], "engine.window" = [1, 3] }
expect = { same = ["sink", "step"], close = { decode = 1e-6 }, messages = { sink = 8, step = 4 }, finite = ["sink"] }
)");
  CHECK(result.err == "");
  CHECK(contains(result.out, "threads change nothing: 6 runs, passed"));
  CHECK(contains(result.out, "1 passed, 0 failed"));
  CHECK(result.code == 0);
}

TEST_CASE("a test fails with the first difference and the combination") {
  // The toy adds the noise of all members of a batch: batches matter.
  const Result result = test(R"([[tests]]
name   = "batches change nothing"
vary   = { "run.batch" = [1, 2] }
expect = { same = ["decode"], close = { step = 0.001 } }
)");
  CHECK(result.code == 1);
  CHECK(contains(result.out, "batches change nothing: 2 runs, FAILED"));
  CHECK(contains(result.out, "run.batch=2: 'decode.out' at init 2002-01-01T00"));
  CHECK(contains(result.out, "compared with run.batch=1"));
  CHECK(contains(result.out, "0 passed, 1 failed"));
}

TEST_CASE("a replaced node keeps its edges") {
  const Result result = test(R"([[tests]]
name    = "another sink sees as much"
replace = { sink = { type = "toy_sink" }, decode = { type = "toy_decode", frames = 2 } }
expect  = { messages = { sink = 16, decode = 99 } }
)");
  CHECK(result.code == 1);
  CHECK(contains(result.out, "node 'decode' has 16 messages, 99 expected"));
  CHECK(!contains(result.out, "node 'sink' has"));
}

TEST_CASE("what is wrong with a test is told with its place, also by check") {
  const auto file = "toy.toml";
  const auto problem = [&](const std::string& tests) {
    try {
      build_graph(parse_pipeline(kPipeline + tests, file));
    } catch (const PipelineError& error) {
      return std::string(error.what());
    }
    return std::string("none");
  };
  CHECK(contains(problem("[[tests]]\nname = \"x\"\n"), "test 'x' expects nothing"));
  CHECK(contains(problem("[[tests]]\nname = \"x\"\nexpect = { same = [\"sinc\"] }\n"),
                 "a test names 'sinc', but there is no such node"));
  CHECK(contains(problem("[[tests]]\nname = \"x\"\nexpct = { same = [\"sink\"] }\n"),
                 "unknown key 'expct' in [[tests]]"));
  CHECK(
      contains(problem("[[tests]]\nname = \"x\"\nvary = { \"run.batch\" = 2 }\nexpect = { finite = "
                       "[\"sink\"] }\n"),
               "'run.batch' is varied over 2"));
  CHECK(contains(
      problem("[[tests]]\nname = \"x\"\nreplace = { sink = { type = \"nothing\" } }\nexpect "
              "= { finite = [\"sink\"] }\n"),
      "the replacement of 'sink' has no known type"));
}

TEST_CASE("a file without tests says so") {
  const Result result = test("");
  CHECK(result.code == 2);
  CHECK(contains(result.err, "has no [[tests]]"));
}
