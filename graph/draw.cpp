#include "graph/draw.h"

#include <array>
#include <set>
#include <string_view>

#include "graph/diagnostics.h"
#include "graph/error.h"
#include "graph/process.h"
#include "graph/text.h"

namespace ladcast {
namespace {

struct Colour {
  const char* fill;
  const char* line;
};

constexpr Colour kPlainColour{"#f6f7f9", "#8b95a5"};
constexpr std::array<Colour, 6> kLaneColours{{{"#dceafb", "#5b8ec9"},
                                              {"#fdecd3", "#d49a45"},
                                              {"#e0f3e3", "#5fa870"},
                                              {"#efe5f8", "#9673bd"},
                                              {"#fbe3e6", "#cc7482"},
                                              {"#dff3f3", "#4fa3a5"}}};

const Colour& colour_of(int lane) {
  return lane < 0 ? kPlainColour
                  : kLaneColours[static_cast<std::size_t>(lane) % kLaneColours.size()];
}

enum class Role { source, stage, sink, loop };

Role role_of(const GraphNode& node) {
  if (node.is_source()) return Role::source;
  if (node.stage->outputs().empty()) return Role::sink;
  return node.feedback >= 0 ? Role::loop : Role::stage;
}

const char* name_of(Role role) {
  switch (role) {
    case Role::source:
      return "source";
    case Role::stage:
      return "stage";
    case Role::sink:
      return "sink";
    case Role::loop:
      return "rollout";
  }
  return "";
}

struct Edge {
  const GraphNode* from;
  const OutPort* output;
  const GraphNode* to;
  const InPort* input;
  bool feedback;
  const Plan* plan;
};

std::vector<Edge> edges_of(const Graph& graph) {
  std::vector<Edge> edges;
  for (const auto& to : graph.nodes)
    for (std::size_t port = 0; port < to.inputs.size(); ++port)
      for (const auto& origin : to.inputs[port]) {
        const GraphNode& from = graph.nodes[static_cast<std::size_t>(origin.node)];
        edges.push_back({&from, from.stage->outputs()[static_cast<std::size_t>(origin.port)], &to,
                         to.stage->inputs()[port], to.feedback == static_cast<int>(port),
                         &graph.plan});
      }
  return edges;
}

const char* name_of(InPort::Kind kind) {
  switch (kind) {
    case InPort::Kind::one:
      return "one";
    case InPort::Kind::many:
      return "many";
    case InPort::Kind::collect:
      return "collect";
    case InPort::Kind::fold:
      return "fold";
  }
  return "";
}

/// "Fields", "Fields, all members", "Fields, each member".
std::string label_of(const Edge& edge) {
  const InPort& input = *edge.input;
  const bool gathers = input.kind() == InPort::Kind::collect || input.kind() == InPort::Kind::fold;
  if (!gathers) return edge.output->type().name;
  const char* axis = input.axis() == Axis::member ? "members"
                     : input.axis() == Axis::lead ? "leads"
                     : edge.plan->iterations > 0  ? "iterations"
                                                  : "inits";
  return fmt::format("{}, {} {}", edge.output->type().name,
                     input.kind() == InPort::Kind::collect ? "all" : "folds", axis);
}

std::string escape_html(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

std::string lane_text(const LaneSpec& lane) {
  return lane.devices.empty() ? "lane " + lane.name
                              : fmt::format("lane {} ({})", lane.name, join(lane.devices));
}

std::vector<int> lanes_in_use(const Graph& graph) {
  std::vector<int> lanes;
  for (std::size_t lane = 0; lane < graph.lanes.size(); ++lane)
    for (const auto& node : graph.nodes)
      if (node.lane == static_cast<int>(lane)) {
        lanes.push_back(node.lane);
        break;
      }
  return lanes;
}

/// Title and colours as an HTML-like label under the picture.
std::string dot_legend(const Graph& graph) {
  std::string cells;
  for (const int lane : lanes_in_use(graph)) {
    const LaneSpec& spec = graph.lanes[static_cast<std::size_t>(lane)];
    cells += fmt::format(
        R"(<td bgcolor="{}" color="{}" border="1" style="rounded"><font point-size="9">{}</font></td>)",
        colour_of(lane).fill, colour_of(lane).line, escape_html(lane_text(spec)));
  }
  std::string text;
  if (!graph.title.empty())
    text = fmt::format(R"(<tr><td align="left"><font point-size="14"><b>{}</b></font></td></tr>)",
                       escape_html(graph.title));
  if (!cells.empty())
    text += fmt::format(
        R"(<tr><td align="left"><table border="0" cellborder="1" cellspacing="6" cellpadding="4"><tr>{}</tr></table></td></tr>)",
        cells);
  if (text.empty()) return "";
  return fmt::format(
      "  label=<<table border=\"0\" cellspacing=\"0\" cellpadding=\"2\">{}</table>>;\n", text);
}

/// "9.1 s, 4 calls"; empty where nothing is known.
std::string time_text(const GraphNode& node, const NodeTimes& times) {
  const auto found = times.find(node.name);
  if (found == times.end()) return "";
  return format_microseconds(found->second.busy) + ", " + format_count(found->second.calls, "call");
}

std::string dot_node(const GraphNode& node, const NodeTimes& times) {
  const Role role = role_of(node);
  const Colour& colour = colour_of(node.lane);
  const char* shape = role == Role::source ? "cylinder" : role == Role::sink ? "note" : "box";
  const char* style = role == Role::source || role == Role::sink ? "filled" : "rounded,filled";
  std::string time = time_text(node, times);
  if (!time.empty()) time = fmt::format("<br/><font point-size=\"9\">{}</font>", time);
  return fmt::format(
      "  \"{}\" [shape={}, style=\"{}\", fillcolor=\"{}\", color=\"{}\", "
      "label=<<b>{}</b><br/><font point-size=\"9\" color=\"#5a6472\">{}</font>{}>];\n",
      node.name, shape, style, colour.fill, colour.line, node.name, escape_html(node.type->name),
      time);
}

std::string dot_edge(const Edge& edge) {
  if (edge.feedback)
    return fmt::format(
        "  \"{}\" -> \"{}\" [label=\" {} \", style=dashed, color=\"#c2573a\", "
        "fontcolor=\"#c2573a\", "
        "constraint=false];\n",
        edge.from->name, edge.to->name, label_of(edge));
  return fmt::format("  \"{}\" -> \"{}\" [label=\" {} \"];\n", edge.from->name, edge.to->name,
                     label_of(edge));
}

/// Mermaid takes some words for its own.
std::string mermaid_id(const GraphNode& node) {
  static const std::set<std::string> reserved{"class",     "click", "default", "direction", "end",
                                              "flowchart", "graph", "style",   "subgraph"};
  return node.name + (reserved.contains(node.name) ? "_" : "");
}

std::string mermaid_node(const GraphNode& node, const NodeTimes& times) {
  std::string label = fmt::format("<b>{}</b><br/><small>{}</small>", node.name, node.type->name);
  if (const std::string time = time_text(node, times); !time.empty())
    label += fmt::format("<br/><small>{}</small>", time);
  switch (role_of(node)) {
    case Role::source:
      return fmt::format("  {}[(\"{}\")]\n", mermaid_id(node), label);
    case Role::sink:
      return fmt::format("  {}[/\"{}\"/]\n", mermaid_id(node), label);
    default:
      return fmt::format("  {}(\"{}\")\n", mermaid_id(node), label);
  }
}

/// Further keys of a node in JSON.
std::string json_time(const GraphNode& node, const NodeTimes& times) {
  const auto found = times.find(node.name);
  if (found == times.end()) return "";
  return fmt::format(R"(, "calls": {}, "busy_us": {:.0f})", found->second.calls,
                     found->second.busy);
}

std::string join_lines(const std::vector<std::string>& entries) {
  std::string text;
  for (std::size_t i = 0; i < entries.size(); ++i)
    text += "    " + entries[i] + (i + 1 < entries.size() ? ",\n" : "\n");
  return text;
}

}  // namespace

const std::vector<std::string>& draw_formats() {
  static const std::vector<std::string> formats{"dot", "mermaid", "json", "svg"};
  return formats;
}

std::string draw_dot(const Graph& graph, const NodeTimes& times) {
  std::string text =
      "digraph pipeline {\n"
      "  rankdir=LR; nodesep=0.35; ranksep=0.45; pad=0.3; bgcolor=white; labelloc=t; labeljust=l;\n"
      "  fontname=\"Helvetica\"; fontcolor=\"#2b3440\";\n"
      "  node [fontname=\"Helvetica\", fontsize=12, fontcolor=\"#2b3440\", penwidth=1.2, "
      "margin=\"0.16,0.09\"];\n"
      "  edge [fontname=\"Helvetica\", fontsize=9, fontcolor=\"#7b8694\", color=\"#9aa4b1\", "
      "penwidth=1.2, arrowsize=0.7];\n";
  text += dot_legend(graph);
  for (const auto& node : graph.nodes) text += dot_node(node, times);
  for (const auto& edge : edges_of(graph)) text += dot_edge(edge);
  return text + "}\n";
}

std::string draw_mermaid(const Graph& graph, const NodeTimes& times) {
  std::string text = "flowchart LR\n";
  for (const auto& node : graph.nodes) text += mermaid_node(node, times);
  for (const auto& edge : edges_of(graph))
    text += fmt::format("  {} {}|{}| {}\n", mermaid_id(*edge.from), edge.feedback ? "-.->" : "-->",
                        label_of(edge), mermaid_id(*edge.to));
  for (const int lane : lanes_in_use(graph)) {
    const std::string& name = graph.lanes[static_cast<std::size_t>(lane)].name;
    text += fmt::format("  classDef lane_{} fill:{},stroke:{},color:#2b3440\n", name,
                        colour_of(lane).fill, colour_of(lane).line);
    for (const auto& node : graph.nodes)
      if (node.lane == lane) text += fmt::format("  class {} lane_{}\n", mermaid_id(node), name);
  }
  return text;
}

std::string draw_json(const Graph& graph, const NodeTimes& times) {
  std::vector<std::string> lanes, nodes, edges;
  for (const auto& lane : graph.lanes)
    lanes.push_back(fmt::format(R"({{"name": {}, "device": {}}})", quote_json(lane.name),
                                quote_json(join(lane.devices))));
  for (const auto& node : graph.nodes)
    nodes.push_back(fmt::format(
        R"({{"name": {}, "type": {}, "role": "{}", "lane": {}, "tasks": {}{}}})",
        quote_json(node.name), quote_json(node.type->name), name_of(role_of(node)),
        node.lane < 0 ? "null" : quote_json(graph.lanes[static_cast<std::size_t>(node.lane)].name),
        graph.plan.count(node.axes), json_time(node, times)));
  for (const auto& edge : edges_of(graph)) {
    const Spec& spec = edge.from->specs[static_cast<std::size_t>(edge.output->index())];
    edges.push_back(fmt::format(
        R"({{"from": {}, "output": {}, "to": {}, "input": {}, "payload": {}, "gathers": "{}", "feedback": {}, "messages": {}}})",
        quote_json(edge.from->name), quote_json(edge.output->name()), quote_json(edge.to->name),
        quote_json(edge.input->name()), quote_json(edge.output->type().name),
        name_of(edge.input->kind()), edge.feedback, graph.plan.count(spec.axes)));
  }
  return fmt::format(
      "{{\n  \"file\": {},\n  \"title\": {},\n  \"lanes\": [\n{}  ],\n  \"nodes\": [\n{}  ],\n  "
      "\"edges\": [\n{}  ]\n}}\n",
      quote_json(graph.file), quote_json(graph.title), join_lines(lanes), join_lines(nodes),
      join_lines(edges));
}

std::string draw_svg(const Graph& graph, const NodeTimes& times) {
  const auto [status, svg] = run_program({"dot", "-Tsvg"}, draw_dot(graph, times));
  if (status == kNotFound)
    fail(
        "--format svg needs Graphviz, and its program 'dot' is not installed\n"
        "      = install it (apt-get install graphviz), or use --format dot or mermaid");
  if (status != 0) fail("Graphviz' program 'dot' failed with exit code {}", status);
  return svg;
}

std::string draw(const Graph& graph, const std::string& format, const NodeTimes& times) {
  if (format == "mermaid") return draw_mermaid(graph, times);
  if (format == "json") return draw_json(graph, times);
  if (format == "svg") return draw_svg(graph, times);
  return draw_dot(graph, times);
}

}  // namespace ladcast
