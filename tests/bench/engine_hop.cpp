// What the engine costs for each hop: a message sent, received, gathered into a task, let through
// the Gate, and its body begun. Chains of nodes that do next to nothing, in the arena and to and
// fro between the arena and a lane, each with tracing off and on in turn.
//
//   engine_bench [REPEATS]

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <optional>

#include "graph/text.h"
#include "graph/trace.h"
#include "tests/graph/toy_nodes.h"

using namespace ladcast;

namespace {

constexpr int kItems = 28;
constexpr int kNodes = 100;

/// `every`: which of the nodes are on a lane; 0 is none.
std::string chain(int every) {
  std::string text = toy::head(kItems, 1, 1, 0, "threads = 2\nin_flight = 2");
  text += "[nodes.n0]\ntype = \"toy_analysis\"\n";
  for (int i = 1; i < kNodes; ++i) {
    text += fmt::format("[nodes.n{}]\ntype = \"toy_pass\"\nin = \"n{}\"\n", i, i - 1);
    if (every > 0 && i % every == 0) text += "lane = \"service\"\n";
  }
  return text + fmt::format("[nodes.end]\ntype = \"toy_item_sink\"\nin = \"n{}\"\n", kNodes - 1);
}

double microseconds_per_hop(const std::string& text, bool traced) {
  Graph graph = build_graph(parse_pipeline(text, "bench.toml"));
  std::optional<Trace> trace;
  RunOptions options;
  if (traced) options.trace = &trace.emplace(graph);
  const auto start = std::chrono::steady_clock::now();
  run_graph(graph, options);
  const std::chrono::duration<double, std::micro> time = std::chrono::steady_clock::now() - start;
  return time.count() / (kItems * kNodes);
}

TableRow row(const std::string& what, std::vector<double>& times) {
  std::sort(times.begin(), times.end());
  return {what, fmt::format("{:.2f}", times.front()),
          fmt::format("{:.2f}", times[times.size() / 2]), fmt::format("{:.2f}", times.back())};
}

}  // namespace

int main(int argc, char** argv) {
  const int repeats = argc > 1 ? std::max(1, std::atoi(argv[1])) : 21;
  std::vector<TableRow> rows{{"microseconds per hop", "min", "median", "max", "median on / off"}};
  for (const auto& [name, every] : {std::pair("arena", 0), std::pair("every 2nd on a lane", 2)}) {
    const std::string text = chain(every);
    std::vector<double> off, on;
    for (int i = 0; i < repeats; ++i) {
      off.push_back(microseconds_per_hop(text, false));
      on.push_back(microseconds_per_hop(text, true));
    }
    rows.push_back(row(std::string(name), off));
    rows.push_back(row(std::string(name) + ", traced", on));
    rows.back().push_back(fmt::format("{:.2f}", on[on.size() / 2] / off[off.size() / 2]));
  }
  fmt::print("{}", format_table(rows, "lrrrr"));
}
