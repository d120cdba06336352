#include "graph/profile.h"

#include <doctest/doctest.h>

#include <sstream>

#include "graph/command_line.h"
#include "graph/error.h"
#include "graph/intervals.h"
#include "tests/temporary_folder.h"

using namespace ladcast;

namespace {

/// Two steps on the model lane, each read before and scaled and written after.
const std::string kTrace = R"({"displayTimeUnit": "ms",
"otherData": {"ladcast_trace": 1, "pipeline": "small.toml", "outcome": "done", "threads": 2,
  "lanes": [{"name": "model", "device": "cpu", "threads": 1}, {"name": "netcdf", "device": "", "threads": 1}],
  "peak_bytes": 2048, "left_out": 0},
"traceEvents": [
{"ph": "M", "pid": 1, "tid": 1, "name": "thread_name", "args": {"name": "main"}},
{"ph": "M", "pid": 1, "tid": 2, "name": "thread_name", "args": {"name": "lane model"}},
{"ph": "M", "pid": 1, "tid": 3, "name": "thread_name", "args": {"name": "lane netcdf"}},
{"ph": "X", "pid": 1, "tid": 2, "ts": 0, "dur": 100, "cat": "open", "name": "open step", "args": {"node": "step"}},
{"ph": "X", "pid": 1, "tid": 3, "ts": 200, "dur": 100, "cat": "run", "name": "read", "args": {"node": "read"}},
{"ph": "X", "pid": 1, "tid": 2, "ts": 310, "dur": 400, "cat": "run", "name": "step", "args": {"node": "step", "engine_us": 20}},
{"ph": "X", "pid": 1, "tid": 2, "ts": 720, "dur": 300, "cat": "run", "name": "step", "args": {"node": "step", "engine_us": 5, "waited_us": 420, "cause": "workers", "waited": {"workers": 420}}},
{"ph": "X", "pid": 1, "tid": 1, "ts": 710, "dur": 100, "cat": "run", "name": "scale", "args": {"node": "scale", "engine_us": 10}},
{"ph": "X", "pid": 1, "tid": 1, "ts": 1030, "dur": 100, "cat": "run", "name": "scale", "args": {"node": "scale", "engine_us": 10}},
{"ph": "X", "pid": 1, "tid": 3, "ts": 830, "dur": 100, "cat": "run", "name": "write", "args": {"node": "write", "engine_us": 25}},
{"ph": "X", "pid": 1, "tid": 3, "ts": 1150, "dur": 100, "cat": "run", "name": "write", "args": {"node": "write", "engine_us": 20}},
{"ph": "X", "pid": 1, "tid": 3, "ts": 1260, "dur": 40, "cat": "close", "name": "close write", "args": {"node": "write"}},
{"ph": "s", "pid": 1, "tid": 3, "ts": 290, "id": 1, "cat": "message", "name": "message"},
{"ph": "f", "bp": "e", "pid": 1, "tid": 2, "ts": 310, "id": 1, "cat": "message", "name": "message"},
{"ph": "s", "pid": 1, "tid": 3, "ts": 295, "id": 2, "cat": "message", "name": "message"},
{"ph": "f", "bp": "e", "pid": 1, "tid": 2, "ts": 720, "id": 2, "cat": "message", "name": "message"},
{"ph": "s", "pid": 1, "tid": 2, "ts": 700, "id": 3, "cat": "message", "name": "message"},
{"ph": "f", "bp": "e", "pid": 1, "tid": 1, "ts": 710, "id": 3, "cat": "message", "name": "message"},
{"ph": "s", "pid": 1, "tid": 1, "ts": 805, "id": 4, "cat": "message", "name": "message"},
{"ph": "f", "bp": "e", "pid": 1, "tid": 3, "ts": 830, "id": 4, "cat": "message", "name": "message"},
{"ph": "s", "pid": 1, "tid": 2, "ts": 1020, "id": 5, "cat": "message", "name": "message"},
{"ph": "f", "bp": "e", "pid": 1, "tid": 1, "ts": 1030, "id": 5, "cat": "message", "name": "message"},
{"ph": "s", "pid": 1, "tid": 1, "ts": 1130, "id": 6, "cat": "message", "name": "message"},
{"ph": "f", "bp": "e", "pid": 1, "tid": 3, "ts": 1150, "id": 6, "cat": "message", "name": "message"},
{"ph": "C", "pid": 1, "tid": 0, "ts": 290, "name": "live payload bytes", "args": {"bytes": 2048}}
]}
)";

Profile profile_of(const std::string& text) {
  const TemporaryFolder folder;
  return profile(read_trace(folder.write("t.json", text)));
}

}  // namespace

TEST_CASE("intervals unite and overlap") {
  const auto a = unite({{5, 7}, {1, 3}, {2, 4}, {7, 8}});
  CHECK(a.size() == 2);
  CHECK(length(a) == 6.0);
  CHECK(overlap(a, unite({{0, 2}, {3, 6}})) == 3.0);
  CHECK(overlap(a, {}) == 0.0);
}

TEST_CASE("the profile of a small trace has the numbers that were worked out by hand") {
  const Profile p = profile_of(kTrace);
  CHECK(p.wall == 1300.0);
  CHECK(p.opening == 200.0);
  CHECK(p.flow == 1050.0);
  CHECK(p.closing == 50.0);
  REQUIRE(p.nodes.size() == 4);
  CHECK(p.nodes[1].name == "step");
  CHECK(p.nodes[1].calls == 2);
  CHECK(p.nodes[1].busy == 700.0);
  CHECK(p.nodes[1].longest == 400.0);
  CHECK(p.nodes[1].waited[static_cast<std::size_t>(Cause::workers)] == 420.0);
  REQUIRE(p.threads.size() == 3);
  CHECK(p.threads[2].busy == 300.0);
}

TEST_CASE("overlap counts what ran beside the lane with a device") {
  const Profile p = profile_of(kTrace);
  REQUIRE(p.overlaps.size() == 1);
  CHECK(p.overlaps[0].lane == "model");
  CHECK(p.overlaps[0].busy == 700.0);
  CHECK(p.overlaps[0].service == 100.0);  // a write from 830 to 930
  CHECK(p.overlaps[0].workers == 90.0);   // a scale from 720 to 810
  CHECK(p.overlaps[0].others == 190.0);
  CHECK(p.overlaps[0].alone == 310.0);
}

TEST_CASE("the engine's cost is idle thread time while a task was ready") {
  const Profile p = profile_of(kTrace);
  REQUIRE(p.lanes.size() == 3);
  CHECK(p.lanes[0].engine == 20.0);  // 700 to 710 and 1020 to 1030
  CHECK(p.lanes[1].engine == 30.0);  // 290 to 310 and 710 to 720
  CHECK(p.lanes[2].engine == 45.0);  // 805 to 830 and 1130 to 1150
  CHECK(p.engine == 95.0);
}

TEST_CASE("the critical path follows messages and, where a lane was full, its order") {
  const Profile::Path path = profile_of(kTrace).path;
  REQUIRE(path.parts.size() == 4);
  CHECK(path.parts[0].node == "read");
  CHECK(path.parts[0].time == 90.0);  // until it sent
  CHECK(path.parts[1].node == "step");
  CHECK(path.parts[1].bodies == 2);
  CHECK(path.parts[1].time == 700.0);
  CHECK(path.parts[3].node == "write");
  CHECK(path.between == 60.0);
}

TEST_CASE("profile prints tables") {
  const TemporaryFolder folder;
  std::ostringstream out, err;
  CHECK(command_line({"profile", folder.write("t.json", kTrace)}, {out, err}) == 0);
  CHECK(err.str().empty());
  CHECK(out.str() == R"(small.toml: done
1.3 ms in all: 200 us before the first call of a node, 1.05 ms until the last has ended (the flow),
50 us to finish and close
payloads at most 2.0 KiB

nodes: what they computed, then for what their ready tasks waited, in sum: a free worker,
a step credit, the admission of their trajectory, the node's limit, their turn
  node   calls    busy  of flow    mean     max  workers  credit  admission  limit  order
  read       1  100 us    9.5 %  100 us  100 us
  step       2  700 us   66.7 %  350 us  400 us   420 us
  scale      2  200 us   19.0 %  100 us  100 us
  write      2  200 us   19.0 %  100 us  100 us

threads
  thread       calls    busy  of flow
  main             2  200 us   19.0 %
  lane model       2  700 us   66.7 %
  lane netcdf      3  300 us   28.6 %

overlap: what ran during the 700 us in which lane model computed
  calls on service lanes      100 us  14.3 %
  calls on workers             90 us  12.9 %
  any of these                190 us  27.1 %
  and these while it did not  310 us

engine: in 9.0 % of the flow some thread was idle while a task for it was ready
  lane     threads    busy  idle, task ready
  workers        2   9.5 %             1.0 %
  model          1  66.7 %             2.9 %
  netcdf         1  28.6 %             4.3 %

critical path: the chain of calls that ends last
  read           1   90 us   8.6 %
  step           2  700 us  66.7 %
  scale          1  100 us   9.5 %
  write          1  100 us   9.5 %
  between calls      60 us   5.7 %
)");
}

TEST_CASE("a file that is no trace is refused with the cure") {
  const TemporaryFolder folder;
  const auto refusal = [&folder](const std::string& text) {
    const std::string file = folder.write("x.json", text);
    std::string message;
    try {
      read_trace(file);
    } catch (const Error& error) {
      message = error.what();
    }
    const std::string begin = file + " is not a trace of ladcast-flow: ";
    const std::string cure = "\n      = 'ladcast-flow run FILE --trace x.json' writes one";
    REQUIRE(message.starts_with(begin));
    REQUIRE(message.ends_with(cure));
    return message.substr(begin.size(), message.size() - begin.size() - cure.size());
  };
  CHECK(refusal("flow = 1\n").starts_with("parse error at line 1, column 2: "));
  CHECK(refusal("").starts_with("parse error at line 1, column 1: "));
  std::string arrow = kTrace;
  arrow.replace(arrow.find("\"id\": 1"), 7, "\"id\": 9");
  CHECK(refusal(arrow) == "arrow 1 ends and has not begun");
  std::string threads = kTrace;
  threads.replace(threads.find("\"threads\": 1"), 12, "\"threads\": -2147483648");
  CHECK(refusal(threads) == "a lane has -2147483648 threads");
  CHECK(refusal(std::string(100'000, '[')) == "its values are nested more than 100 deep");
  CHECK(refusal("{}") == "key 'otherData' not found");
  CHECK(refusal("[1, 2]").starts_with("cannot use at() with array"));
  CHECK(refusal(R"({"otherData": {"ladcast_trace": 2}, "traceEvents": []})") ==
        "it has another format than this program knows");
  CHECK_THROWS_WITH(read_trace("/nowhere/t.json"),
                    "cannot read /nowhere/t.json: No such file or directory");
}
