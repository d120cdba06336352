#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdlib>

#include "graph/graph.h"
#include "tests/graph/toy_nodes.h"

using namespace ladcast;

namespace {

const std::string kGood = R"(flow = 1
[vars]
start = "analysis"
[run]
inits = ["2002-01-01T00:00:00Z", "2002-01-02T00:00:00Z"]
members = 5
batch = 2
lead = { step_hours = 6, until_hours = 48 }
[lanes]
model = { device = "cpu" }
service = {}
[nodes.analysis]
type = "toy_analysis"
[nodes.rollout]
type = "toy_rollout"
in.seed = "${start}"
in.next = "step"
[nodes.step]
type = "toy_step"
in = "rollout"
[nodes.decode]
type = "toy_decode"
in = "step"
frames = 4
[nodes.device]
type = "toy_device"
in = "decode"
lane = "model"
[nodes.gather]
type = "toy_gather"
in = "device"
[nodes.table]
type = "toy_sink"
in = ["gather"]
[nodes.file]
type = "toy_file"
in = "decode"
path = "{init}_{member}.nc"
)";

/// The errors of the good pipeline with one piece of text replaced.
std::string errors_with(const std::string& old_text, const std::string& new_text) {
  std::string text = kGood;
  const auto at = text.find(old_text);
  REQUIRE(at != std::string::npos);
  text.replace(at, old_text.size(), new_text);
  try {
    build_graph(parse_pipeline(text, "p.toml"));
  } catch (const PipelineError& error) {
    return error.what();
  }
  return "no error";
}

struct Broken {
  const char* old_text;
  const char* new_text;
  const char* message;
};

}  // namespace

TEST_CASE("a placeholder that nothing fills is refused") {
  const std::string text = toy::head(1, 1, 1, 0, "") +
                           "[nodes.analysis]\ntype = \"toy_analysis\"\n[nodes.file]\ntype = "
                           "\"toy_file\"\nin = \"analysis\"\npath = \"out/{inti}.nc\"\n";
  CHECK_THROWS_WITH_AS(build_graph(parse_pipeline(text, "toy.toml")),
                       doctest::Contains("unknown placeholder '{inti}' in a path"), PipelineError);
}

TEST_CASE("a path that begins with ~/ lies in the home folder, a text stays as it is") {
  const std::string text =
      toy::head(1, 1, 1, 0, "") +
      "[nodes.analysis]\ntype = \"toy_analysis\"\nlabel = \"~/a\"\n"
      "[nodes.file]\ntype = \"toy_file\"\nin = \"analysis\"\npath = \"~/out~/{init}.nc\"\n";
  const Graph graph = build_graph(parse_pipeline(text, "toy.toml"));
  const char* home = std::getenv("HOME");
  REQUIRE(home);
  CHECK(graph.nodes.at(1).stage->params().back()->shown() ==
        fmt::format("\"{}/out~/{{init}}.nc\"", home));
  CHECK(graph.nodes.at(0).stage->params().front()->shown() == "\"~/a\"");
}

TEST_CASE("the pipeline that the next case breaks is sound") {
  const Graph graph = build_graph(parse_pipeline(kGood, "p.toml"));
  CHECK(graph.nodes.size() == 8);
  CHECK(graph.warnings.empty());
}

TEST_CASE("each static rule has one message with place, cause and cure") {
  const Broken broken[] = {
      {"flow = 1", "flow = 2", R"(p.toml:1:8: error: flow is 2, this program reads version 1
    1 | flow = 2
      |        ^
      = write flow = 1 in the first line
1 error in p.toml)"},
      {"\"toy_step\"", "\"toy_stop\"", R"(p.toml:19:8: error: unknown node type 'toy_stop'
   19 | type = "toy_stop"
      |        ^^^^^^^^^^ did you mean 'toy_step'?
      = 'ladcast-flow nodes' lists the types; those of a plugin need [plugins] load = ["name"]
1 error in p.toml)"},
      {"in = \"decode\"", "in = \"decoed\"",
       R"(p.toml:27:6: error: node 'device' reads 'decoed', but there is no node 'decoed'
   27 | in = "decoed"
      |      ^^^^^^^^ did you mean 'decode'?
      = nodes: analysis, rollout, step, decode, device, gather, table, file
1 error in p.toml)"},
      {"in = \"decode\"", "in = \"decode.aut\"",
       R"(p.toml:27:6: error: node 'device' reads 'decode.aut', but 'decode' has no such output
   27 | in = "decode.aut"
      |      ^^^^^^^^^^^^ did you mean 'decode.out'?
      = outputs of type 'toy_decode': out
1 error in p.toml)"},
      {"in.next", "in.nest", R"(p.toml:14:8: error: node 'rollout' needs the input 'next'
   14 | [nodes.rollout]
      |        ^^^^^^^
      = add in.next = "node": the step before (Numbers)
p.toml:17:4: error: node 'rollout' has no input 'nest'
   17 | in.nest = "step"
      |    ^^^^ did you mean 'next'?
      = inputs of type 'toy_rollout': seed, next
2 errors in p.toml)"},
      {"frames = 4", "frame = 4", R"(p.toml:24:1: error: unknown key 'frame' in node 'decode'
   24 | frame = 4
      | ^^^^^ did you mean 'frames'?
      = parameters of type 'toy_decode': label, frames
1 error in p.toml)"},
      {"frames = 4", "frames = 0", R"(p.toml:24:10: error: frames: 0 is not allowed, take at least 1
   24 | frames = 0
      |          ^
      = frames: leads of a step (integer, at least 1)
1 error in p.toml)"},
      {"frames = 4", "frames = \"four\"",
       R"(p.toml:24:10: error: frames: "four" is a text, an integer is needed
   24 | frames = "four"
      |          ^^^^^^
      = frames: leads of a step (integer, at least 1)
1 error in p.toml)"},
      {"path = \"{init}_{member}.nc\"\n", "", R"(p.toml:35:8: error: node 'file' needs 'path'
   35 | [nodes.file]
      |        ^^^^
      = add path = path pattern: where to write
1 error in p.toml)"},
      {"lane = \"model\"", "lane = \"modle\"", R"(p.toml:28:8: error: unknown lane "modle"
   28 | lane = "modle"
      |        ^^^^^^^ did you mean 'model'?
      = lanes: model, service
1 error in p.toml)"},
      {"lane = \"model\"\n", "", R"(p.toml:26:8: error: 'toy_device' needs a lane with a device
   26 | type = "toy_device"
      |        ^^^^^^^^^^^^
      = add lane = "model", and [lanes] model = { device = "auto" }
1 error in p.toml)"},
      {"lane = \"model\"", "lane = \"service\"",
       R"(p.toml:28:8: error: 'toy_device' needs a device, and lane 'service' has none
   28 | lane = "service"
      |        ^^^^^^^^^
      = write service = { device = "auto" } in [lanes]
1 error in p.toml)"},
      {"device = \"cpu\"", "device = \"gpu\"", R"(p.toml:10:20: error: device is "gpu"
   10 | model = { device = "gpu" }
      |                    ^^^^^
      = allowed: "auto", "cpu", "cuda:0", ["cuda:0", "cuda:1"]
1 error in p.toml)"},
      {"device = \"cpu\"", "device = [\"cuda:0\", \"cpu\"]",
       R"(p.toml:10:31: error: device is "cpu"
   10 | model = { device = ["cuda:0", "cpu"] }
      |                               ^^^^^
      = allowed: "auto", "cpu", "cuda:0", ["cuda:0", "cuda:1"]
1 error in p.toml)"},
      {"device = \"cpu\"", "device = [\"cuda:1\", \"cuda:1\"]",
       R"(p.toml:10:31: error: lane 'model' has cuda:1 twice
   10 | model = { device = ["cuda:1", "cuda:1"] }
      |                               ^^^^^^^^
      = name each device once
1 error in p.toml)"},
      {"in = \"rollout\"", "in = \"decode\"", R"(p.toml:23:6: error: a cycle: step -> decode -> step
   23 | in = "step"
      |      ^^^^^^
      = close it with a rollout node: only its input 'next' may close a cycle
1 error in p.toml)"},
      {"in.seed = \"${start}\"\n", "", R"(p.toml:14:8: error: node 'rollout' needs the input 'seed'
   14 | [nodes.rollout]
      |        ^^^^^^^
      = add in.seed = "node": the analysis (Numbers)
1 error in p.toml)"},
      {"in.next = \"step\"", "in.next = \"analysis\"",
       R"(p.toml:17:11: error: 'next' of node 'rollout' does not come from its own 'state'
   17 | in.next = "analysis"
      |           ^^^^^^^^^^
      = lead the state through a denoise node and back
1 error in p.toml)"},
      {"in.next = \"step\"", "in.next = \"decode\"",
       R"(p.toml:17:11: error: node 'rollout' is led back one message for each step, with the step's first lead
   17 | in.next = "decode"
      |           ^^^^^^^^
      = lead back what the denoise node sends
1 error in p.toml)"},
      {"${start}", "${star}", R"(p.toml:16:11: error: unknown variable 'star'
   16 | in.seed = "${star}"
      |           ^^^^^^^^^ did you mean 'start'?
      = variables: start
1 error in p.toml)"},
      {"members = 5", "member = 5", R"(p.toml:6:1: error: unknown key 'member' in [run]
    6 | member = 5
      | ^^^^^^ did you mean 'members'?
      = keys of [run]: inits, iterations, members, batch, lead, seed
1 error in p.toml)"},
      {"until_hours = 48", "until_hours = 50",
       R"(p.toml:8:8: error: run.lead: until_hours is 50, not a multiple of step_hours, which is 6; take 54
    8 | lead = { step_hours = 6, until_hours = 50 }
      |        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
1 error in p.toml)"},
      {"lead = { step_hours = 6, until_hours = 48 }\n", "",
       R"(p.toml:13:8: error: node 'rollout' rolls out, but [run] has no lead
   13 | [nodes.rollout]
      |        ^^^^^^^
      = add lead = { step_hours = 6, until_hours = 360 } to [run]
1 error in p.toml)"},
      {"2002-01-02T00", "2002-01-01T00", R"(p.toml:5:9: error: run.inits holds one time twice
    5 | inits = ["2002-01-01T00:00:00Z", "2002-01-01T00:00:00Z"]
      |         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      = remove one of them
1 error in p.toml)"},
      {"[lanes]", "[engine]\nin_flight = 2\n[lanes]",
       R"(p.toml:31:8: error: 'gather' collects 3 batches, in_flight is 2
   31 | [nodes.gather]
      |        ^^^^^^
      = set engine.in_flight to at least 3, or run.batch to at least 3
p.toml:37:8: error: 'file' writes in order 3 batches, in_flight is 2
   37 | [nodes.file]
      |        ^^^^
      = set engine.in_flight to at least 3, or run.batch to at least 3
2 errors in p.toml)"},
      {"\"toy_gather\"", "\"toy_gather_leads\"",
       R"(p.toml:29:8: error: 'gather' collects 8 leads, window is 2
   29 | [nodes.gather]
      |        ^^^^^^
      = set engine.window to at least 3
1 error in p.toml)"},
      {"{init}_{member}.nc", "a.nc",
       R"(p.toml:38:8: error: 'file' writes 2 initial times to one path
   38 | path = "a.nc"
      |        ^^^^^^
      = put {init} into the path
p.toml:38:8: error: 'file' writes 5 members to one path
   38 | path = "a.nc"
      |        ^^^^^^
      = put {member} into the path
2 errors in p.toml)"},
      {"[nodes.file]",
       "[nodes.file2]\ntype = \"toy_file\"\nin = \"decode\"\npath = "
       "\"{init}_{member}.nc\"\n[nodes.file]",
       R"(p.toml:42:8: error: 'file2' and 'file' both write {init}_{member}.nc
   42 | path = "{init}_{member}.nc"
      |        ^^^^^^^^^^^^^^^^^^^^
      = give each its own path
1 error in p.toml)"},
      {"[nodes.file]",
       "[nodes.join]\ntype = \"toy_join\"\nin.a = \"step\"\nin.b = \"decode\"\n[nodes.file]",
       R"(p.toml:38:8: error: node 'join' joins 'step' with leads 6, 30 h and 'decode' with leads 6, 12, … 48 h
   38 | in.b = "decode"
      |        ^^^^^^^^
      = join streams of equal leads: decode sends each one by one, and select keeps the same of both
1 error in p.toml)"},
      {"in = \"decode\"", "in = [\"decode\", \"step\"]",
       R"(p.toml:27:6: error: input 'in' of node 'device' takes one edge, 2 are given
   27 | in = ["decode", "step"]
      |      ^^^^^^^^^^^^^^^^^^
      = name one output
1 error in p.toml)"},
      {"[nodes.file]",
       "[nodes.spell]\ntype = \"toy_spell\"\nin = \"decode\"\n[nodes.pass]\ntype = "
       "\"toy_pass\"\nin = \"spell.word\"\n[nodes.file]",
       R"(p.toml:40:6: error: 'spell.word' sends Word, but input 'in' of 'pass' takes Numbers
   40 | in = "spell.word"
      |      ^^^^^^^^^^^^
1 error in p.toml)"},
      {"[nodes.file]",
       "[nodes.spell]\ntype = \"toy_spell\"\nin = \"decode\"\n[nodes.pass]\ntype = "
       "\"toy_pass\"\nin = \"spell\"\n[nodes.file]",
       R"(p.toml:40:6: error: node 'pass' reads 'spell', which has 2 outputs
   40 | in = "spell"
      |      ^^^^^^^
      = write "spell.PORT" with one of: word, copy
1 error in p.toml)"},
      {"members = 5", "members = = 5",
       R"(p.toml:6:11: error: Error while parsing value: could not determine value type
    6 | members = = 5
      |           ^
1 error in p.toml)"},
  };
  for (const auto& [old_text, new_text, message] : broken) {
    CAPTURE(new_text);
    CHECK(errors_with(old_text, new_text) == message);
  }
}

TEST_CASE("a value that --set gives is named by its option") {
  try {
    build_graph(parse_pipeline(kGood, "p.toml", {"nodes.decode.frames=0"}));
    FAIL("no error");
  } catch (const PipelineError& error) {
    CHECK(std::string(error.what()) ==
          R"(--set nodes.decode.frames=0: error: frames: 0 is not allowed, take at least 1
      = frames: leads of a step (integer, at least 1)
1 error in p.toml)");
  }
}

TEST_CASE("variables that hold each other do not grow without end") {
  std::string text = "[vars]\na = \"0123456789\"\n";
  for (char c = 'b'; c <= 'z'; ++c)
    text += fmt::format("{0} = \"${{{1}}}${{{1}}}\"\n", c, static_cast<char>(c - 1));
  CHECK_THROWS_WITH_AS(parse_pipeline(text, "p.toml"),
                       doctest::Contains("its variables make it longer than 64 KiB"),
                       PipelineError);
}

TEST_CASE("a path that no file system has is refused") {
  const std::string text = "flow = 1\n[run]\ninits = \"" + std::string(5000, 'a') + ".txt\"\n";
  CHECK_THROWS_WITH_AS(read_graph(parse_pipeline(text, "p.toml")),
                       doctest::Contains("is no path: File name too long"), PipelineError);
}

TEST_CASE("a plan of a century by the hour is refused before it is made") {
  for (const std::string every : {"1", "9223372036854775807"}) {
    const std::string text =
        "flow = 1\n[run]\ninits = { first = 1900-01-01, last = \"2020-01-01\", every_hours = " +
        every + " }\n";
    CAPTURE(text);
    CHECK_THROWS_WITH_AS(
        read_graph(parse_pipeline(text, "p.toml")),
        doctest::Contains(every == "1" ? "more than 1000000 of them" : "not between 1 and 1000000"),
        PipelineError);
  }
}

TEST_CASE("--set changes variables and values by path") {
  const Graph graph =
      build_graph(parse_pipeline(kGood, "p.toml", {"run.members=7", "run.batch=4", "run.seed=3"}));
  CHECK(graph.plan.members() == 7);
  CHECK(graph.plan.batch_count() == 2);
  CHECK(graph.plan.seed == 3);
  CHECK_THROWS_AS(parse_pipeline(kGood, "p.toml", {"strat=x"}), PipelineError);
}

TEST_CASE("--only keeps a part of the plan") {
  Selection selection;
  add_selection(selection, "members=1-2,5");
  add_selection(selection, "inits=2002-01-02");
  const Graph graph = build_graph(parse_pipeline(kGood, "p.toml"), selection);
  CHECK(graph.plan.items() == 1);
  CHECK(graph.plan.batches == std::vector<std::vector<int>>{{1, 2}, {5}});
  Selection absent;
  add_selection(absent, "members=6");
  CHECK_THROWS_AS(build_graph(parse_pipeline(kGood, "p.toml"), absent), PipelineError);
  CHECK_THROWS_AS(add_selection(absent, "leads=3"), PipelineError);
  CHECK_THROWS_AS(add_selection(absent, "members=1-2147483647"), PipelineError);
}
