#include "graph/dry_run.h"

#include <doctest/doctest.h>

#include "graph/pipeline.h"
#include "tests/graph/toy_nodes.h"

using namespace ladcast;

namespace {

TraceSpan body(const std::string& node, double seconds) {
  TraceSpan span;
  span.node = node;
  span.kind = "run";
  span.end = seconds * 1e6;
  return span;
}

}  // namespace

TEST_CASE("the whole takes as long as the lane with the most work") {
  // 10 initial times; the part has three of them.
  const Graph whole = build_graph(parse_pipeline(toy::head(10, 1, 1, 1, "threads = 2") + R"(
[nodes.analysis]
type = "toy_analysis"
label = "analysis"
[nodes.table]
type = "toy_item_sink"
in = "analysis"
)",
                                                 "toys.toml"));
  TraceFile part;
  part.lanes = {{"workers", "", 2}, {"service", "", 1}};
  part.spans = {body("analysis", 9.0), body("analysis", 2.0), body("analysis", 1.0),
                body("table", 0.5)};
  const std::string text = dry_run_text(part, whole);
  // The median counts, not the first task, which is slow.
  CHECK(text.find("10   2.0 s  20.0 s") != std::string::npos);
  CHECK(text.find("the run takes about 20.0 s on this machine") != std::string::npos);
}
