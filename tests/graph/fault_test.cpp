#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/graph/toy_nodes.h"

using namespace ladcast;

namespace {

const std::string kPipeline = toy::head(2, 4, 2, 8, "threads = 4") + R"(
[nodes.analysis]
type = "toy_analysis"
label = "analysis"
[nodes.rollout]
type = "toy_rollout"
in.seed = "analysis"
in.next = "step"
label = "rollout"
[nodes.step]
type = "toy_step"
in = "rollout"
lane = "model"
label = "step"
[nodes.decode]
type = "toy_decode"
in = "step"
label = "decode"
[nodes.mean]
type = "toy_fold"
in = "decode"
label = "mean"
[nodes.gather]
type = "toy_gather"
in = "decode"
label = "gather"
[nodes.fields]
type = "toy_item_sink"
in = "decode"
lane = "service"
label = "fields"
[nodes.table]
type = "toy_sink"
in = ["mean", "gather"]
label = "table"
)";

std::string failure(const toy::Fault& fault) {
  toy::set_fault(fault);
  std::string text;
  try {
    toy::run(kPipeline);
  } catch (const RunError& error) {
    text = error.what();
  }
  toy::set_fault({});
  return text;
}

struct Calls {
  const char* node;
  int runs;
};
constexpr Calls kCalls[] = {{"analysis", 2}, {"rollout", 8}, {"step", 8},    {"decode", 8},
                            {"mean", 16},    {"gather", 16}, {"fields", 32}, {"table", 16}};

}  // namespace

TEST_CASE("a throw at any node, at the first, a middle and the last key, is the error of the run") {
  toy::set_jitter(100);
  for (const auto& [node, runs] : kCalls)
    for (const int at : {0, runs / 2, runs - 1}) {
      CAPTURE(node);
      CAPTURE(at);
      const std::string text = failure({node, "run", at});
      CHECK(text.find(fmt::format("error: node '{}' failed at init 2002-01-0", node)) == 0);
      CHECK(text.find("planted in run") != std::string::npos);
      CHECK(text.find("toy.toml:") != std::string::npos);
      CHECK(toy::diary().closed == toy::diary().opened);
      CHECK(toy::diary().opened == 8);
    }
  toy::set_jitter(0);
}

TEST_CASE("a throw in open closes what was opened and nothing else") {
  for (const auto& [node, runs] : kCalls) {
    CAPTURE(node);
    CHECK(failure({node, "open", 0}).find(fmt::format("error: node '{}' failed to open", node)) ==
          0);
    CHECK(toy::diary().closed == toy::diary().opened);
    CHECK(toy::diary().opened < 8);
  }
}

TEST_CASE("a throw in finish or close is reported and everything is closed") {
  for (const char* when : {"finish", "finish_item", "close"})
    for (const char* node : {"fields", "table"}) {
      CAPTURE(when);
      CAPTURE(node);
      CHECK(failure({node, when, 0}).find(fmt::format("planted in {}", when)) != std::string::npos);
      CHECK(toy::diary().closed == toy::diary().opened);
    }
}

TEST_CASE("after a failure no payload is left") {
  toy::set_fault({"gather", "run", 3});
  Graph graph = build_graph(parse_pipeline(kPipeline, "toy.toml"));

  RunOptions options;
  std::vector<Payload> seen;
  options.taps.push_back({graph.find("decode"), 0, [&](const Key&, const Payload& payload) {
                            if (seen.empty()) seen.push_back(payload);
                          }});
  CHECK_THROWS_AS(run_graph(graph, options), RunError);
  toy::set_fault({});
  // Only the tap's own copy holds the payload, so it can be taken without a copy.
  REQUIRE(seen.size() == 1);
  const float* address = seen[0].get<Numbers>().values.data();
  CHECK(seen[0].take<Numbers>().values.data() == address);
}
