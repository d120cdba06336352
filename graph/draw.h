// The picture of a pipeline.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "graph/graph.h"

namespace ladcast {

/// "dot", "mermaid", "json", "svg".
const std::vector<std::string>& draw_formats();

/// What a traced run spent on a node.
struct NodeTime {
  int calls = 0;
  double busy = 0.0;  // in microseconds
};
using NodeTimes = std::map<std::string, NodeTime>;  // by name; empty without a trace

/// Left to right; one colour for each lane; sources as cylinders, sinks as notes; the edge that
/// closes a rollout's cycle dashed; an edge says what it carries and over which axis its end
/// gathers.
std::string draw_dot(const Graph& graph, const NodeTimes& times = {});
std::string draw_mermaid(const Graph& graph, const NodeTimes& times = {});

/// Nodes, edges and lanes for other programs.
std::string draw_json(const Graph& graph, const NodeTimes& times = {});

/// draw_dot through Graphviz' program `dot`. Throws Error where that is not installed.
std::string draw_svg(const Graph& graph, const NodeTimes& times = {});

/// In one of draw_formats().
std::string draw(const Graph& graph, const std::string& format, const NodeTimes& times = {});

}  // namespace ladcast
