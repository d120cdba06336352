#include "graph/draw.h"

#include <doctest/doctest.h>

#include "tests/graph/toy_nodes.h"

using namespace ladcast;

namespace {

Graph small_graph() {
  return build_graph(parse_pipeline("title = \"A & B\"\n" + toy::head(1, 4, 2, 2, "") + R"(
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
lane = "model"
[nodes.all]
type = "toy_gather"
in = "step"
[nodes.end]
type = "toy_sink"
in = ["all"]
)",
                                    "small.toml"));
}

}  // namespace

TEST_CASE("a DOT picture has nodes by role, lanes by colour and a dashed edge back") {
  CHECK(draw_dot(small_graph()) == R"~(digraph pipeline {
  rankdir=LR; nodesep=0.35; ranksep=0.45; pad=0.3; bgcolor=white; labelloc=t; labeljust=l;
  fontname="Helvetica"; fontcolor="#2b3440";
  node [fontname="Helvetica", fontsize=12, fontcolor="#2b3440", penwidth=1.2, margin="0.16,0.09"];
  edge [fontname="Helvetica", fontsize=9, fontcolor="#7b8694", color="#9aa4b1", penwidth=1.2, arrowsize=0.7];
  label=<<table border="0" cellspacing="0" cellpadding="2"><tr><td align="left"><font point-size="14"><b>A &amp; B</b></font></td></tr><tr><td align="left"><table border="0" cellborder="1" cellspacing="6" cellpadding="4"><tr><td bgcolor="#dceafb" color="#5b8ec9" border="1" style="rounded"><font point-size="9">lane model (cpu)</font></td></tr></table></td></tr></table>>;
  "analysis" [shape=cylinder, style="filled", fillcolor="#f6f7f9", color="#8b95a5", label=<<b>analysis</b><br/><font point-size="9" color="#5a6472">toy_analysis</font>>];
  "rollout" [shape=box, style="rounded,filled", fillcolor="#f6f7f9", color="#8b95a5", label=<<b>rollout</b><br/><font point-size="9" color="#5a6472">toy_rollout</font>>];
  "step" [shape=box, style="rounded,filled", fillcolor="#dceafb", color="#5b8ec9", label=<<b>step</b><br/><font point-size="9" color="#5a6472">toy_step</font>>];
  "all" [shape=box, style="rounded,filled", fillcolor="#f6f7f9", color="#8b95a5", label=<<b>all</b><br/><font point-size="9" color="#5a6472">toy_gather</font>>];
  "end" [shape=note, style="filled", fillcolor="#f6f7f9", color="#8b95a5", label=<<b>end</b><br/><font point-size="9" color="#5a6472">toy_sink</font>>];
  "analysis" -> "rollout" [label=" Numbers "];
  "step" -> "rollout" [label=" Numbers ", style=dashed, color="#c2573a", fontcolor="#c2573a", constraint=false];
  "rollout" -> "step" [label=" Numbers "];
  "step" -> "all" [label=" Numbers, all members "];
  "all" -> "end" [label=" Numbers "];
}
)~");
}

TEST_CASE("a Mermaid picture avoids Mermaid's own words") {
  CHECK(draw_mermaid(small_graph()) == R"~(flowchart LR
  analysis[("<b>analysis</b><br/><small>toy_analysis</small>")]
  rollout("<b>rollout</b><br/><small>toy_rollout</small>")
  step("<b>step</b><br/><small>toy_step</small>")
  all("<b>all</b><br/><small>toy_gather</small>")
  end_[/"<b>end</b><br/><small>toy_sink</small>"/]
  analysis -->|Numbers| rollout
  step -.->|Numbers| rollout
  rollout -->|Numbers| step
  step -->|Numbers, all members| all
  all -->|Numbers| end_
  classDef lane_model fill:#dceafb,stroke:#5b8ec9,color:#2b3440
  class step lane_model
)~");
}

TEST_CASE("the JSON picture tells roles, lanes, payloads and counts") {
  CHECK(draw_json(small_graph()) == R"~({
  "file": "small.toml",
  "title": "A & B",
  "lanes": [
    {"name": "model", "device": "cpu"},
    {"name": "service", "device": ""}
  ],
  "nodes": [
    {"name": "analysis", "type": "toy_analysis", "role": "source", "lane": null, "tasks": 1},
    {"name": "rollout", "type": "toy_rollout", "role": "rollout", "lane": null, "tasks": 4},
    {"name": "step", "type": "toy_step", "role": "stage", "lane": "model", "tasks": 4},
    {"name": "all", "type": "toy_gather", "role": "stage", "lane": null, "tasks": 2},
    {"name": "end", "type": "toy_sink", "role": "sink", "lane": null, "tasks": 2}
  ],
  "edges": [
    {"from": "analysis", "output": "out", "to": "rollout", "input": "seed", "payload": "Numbers", "gathers": "one", "feedback": false, "messages": 1},
    {"from": "step", "output": "out", "to": "rollout", "input": "next", "payload": "Numbers", "gathers": "one", "feedback": true, "messages": 4},
    {"from": "rollout", "output": "state", "to": "step", "input": "state", "payload": "Numbers", "gathers": "one", "feedback": false, "messages": 4},
    {"from": "step", "output": "out", "to": "all", "input": "in", "payload": "Numbers", "gathers": "collect", "feedback": false, "messages": 4},
    {"from": "all", "output": "out", "to": "end", "input": "in", "payload": "Numbers", "gathers": "many", "feedback": false, "messages": 2}
  ]
}
)~");
}

TEST_CASE("a picture shows the times of a traced run") {
  const NodeTimes times{{"step", {4, 9.1e6}}, {"all", {1, 220.0}}};
  const Graph graph = small_graph();
  CHECK(draw_dot(graph, times)
            .find("toy_step</font><br/><font point-size=\"9\">9.1 s, 4 calls"
                  "</font>>];\n") != std::string::npos);
  CHECK(draw_mermaid(graph, times)
            .find("  all(\"<b>all</b><br/><small>toy_gather</small><br/><small>220 us, 1 call"
                  "</small>\")\n") != std::string::npos);
  CHECK(draw_json(graph, times)
            .find("\"lane\": \"model\", \"tasks\": 4, \"calls\": 4, "
                  "\"busy_us\": 9100000}") != std::string::npos);
}
