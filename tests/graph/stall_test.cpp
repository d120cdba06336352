#include <doctest/doctest.h>

#include "tests/graph/toy_nodes.h"
#include "tests/nodes/error_message.h"

using namespace ladcast;

namespace {

std::string pipeline(const std::string& engine, const std::string& end) {
  return toy::head(1, 4, 1, 8, engine) + R"(
[nodes.analysis]
type = "toy_analysis"
[nodes.rollout]
type = "toy_rollout"
in.seed = "analysis"
in.next = "step"
frames = 1
[nodes.step]
type = "toy_step"
in = "rollout"
)" + end;
}

const char* kGather =
    "[nodes.gather]\ntype = \"toy_gather\"\nin = \"step\"\n[nodes.sink]\ntype = \"toy_sink\"\nin = "
    "\"gather\"\n";
const char* kOrdered = "[nodes.sink]\ntype = \"toy_item_sink\"\nin = \"step\"\n";
const char* kLeads =
    "[nodes.gather]\ntype = \"toy_gather_leads\"\nin = \"step\"\n[nodes.sink]\ntype = "
    "\"toy_trajectory_sink\"\nin = \"gather\"\n";

/// The stall report of a graph that was sound until `change` broke a rule behind the checks' back.
template <class Change>
std::string stall(const std::string& text, Change change) {
  Graph graph = build_graph(parse_pipeline(text, "toy.toml"));
  change(graph.plan);
  try {
    run_graph(graph);
  } catch (const StallError& error) {
    return error.what();
  }
  return "no stall";
}

}  // namespace

TEST_CASE("a gather that can never fill is reported with what it lacks") {
  const auto report = stall(pipeline("", kGather), [](Plan& plan) { plan.in_flight = 2; });
  CHECK(contains(report, "the run stalled"));
  CHECK(contains(report, "gather at init 2002-01-01T00, lead 6 h lacks 2 of 4 for 'in'"));
  CHECK(contains(report, "2 trajectories are not admitted"));
}

TEST_CASE("an ordered node whose next key cannot come is reported") {
  const auto report = stall(pipeline("", kOrdered), [](Plan& plan) { plan.in_flight = 2; });
  CHECK(contains(report, "sink waits in order for init 2002-01-01T00, member 3, lead 6 h"));
}

TEST_CASE("a gather of more leads than the window holds is reported with the missing credit") {
  const auto report = stall(pipeline("window = 9", kLeads), [](Plan& plan) { plan.window = 3; });
  CHECK(contains(report, "lacks 5 of 8 for 'in'"));
  CHECK(contains(report, "no step credit is left"));
}
