// What the engine costs for each hop: a message sent, received, gathered into a task, let through
// the Gate, and its body begun. Chains of nodes that do next to nothing, in the arena and to and
// fro between the arena and a lane, each with tracing off and on.
#include <optional>

#include "graph/runtime.h"
#include "graph/trace.h"
#include "tests/bench/bench.h"
#include "tests/graph/toy_nodes.h"

namespace ladcast::bench {
namespace {

constexpr int kItems = 28;
constexpr int kNodes = 100;

/// `every`: which of the nodes are on a lane; 0 is none.
std::string chain(int every, int threads) {
  std::string text =
      toy::head(kItems, 1, 1, 0, fmt::format("threads = {}\nin_flight = 2", threads));
  text += "[nodes.n0]\ntype = \"toy_analysis\"\n";
  for (int i = 1; i < kNodes; ++i) {
    text += fmt::format("[nodes.n{}]\ntype = \"toy_pass\"\nin = \"n{}\"\n", i, i - 1);
    if (every > 0 && i % every == 0) text += "lane = \"service\"\n";
  }
  return text + fmt::format("[nodes.end]\ntype = \"toy_item_sink\"\nin = \"n{}\"\n", kNodes - 1);
}

void measure_chain(Bench& bench, const std::string& name, int every, bool traced) {
  std::optional<Graph> graph;
  std::optional<Trace> trace;
  RunOptions options;
  const auto before = [&] {
    graph = build_graph(parse_pipeline(chain(every, bench.options().threads), "ladcast-bench"));
    if (traced) options.trace = &trace.emplace(*graph);
  };
  bench.measure({.name = fmt::format("hop, {}{}", name, traced ? ", traced" : ""),
                 .work = [&] { return run_graph(*graph, options), at::Tensor(); },
                 .units = kItems * kNodes,
                 .before = before});
}

}  // namespace

void measure_hop(Bench& bench) {
  for (const bool traced : {false, true}) measure_chain(bench, "arena", 0, traced);
  for (const bool traced : {false, true}) measure_chain(bench, "every 2nd on a lane", 2, traced);
}

}  // namespace ladcast::bench
