#include "graph/harness.h"

namespace ladcast {

RunReport Harness::run(const std::string& more) {
  std::string text = "flow = 1\n[run]\n" + run_;
  if (run_.find("inits") == std::string::npos && run_.find("iterations") == std::string::npos)
    text += "inits = [\"2000-01-01T00:00:00Z\"]\n";
  text += "[lanes]\nmodel = { device = \"cpu\" }\n" + nodes_;
  text += "[nodes.node]\ntype = \"" + type_ + "\"\n" + settings_;
  const auto stage = find_node_type(type_) ? find_node_type(type_)->make() : nullptr;
  if (stage && stage->needs_device()) text += "lane = \"model\"\n";
  Graph graph = build_graph(parse_pipeline(text + more, "harness"));
  return run_graph(graph);
}

}  // namespace ladcast
