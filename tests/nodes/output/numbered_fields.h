// A forecast whose every value is told by its place and looks like noise, and runs of it.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "graph/graph.h"
#include "graph/journal.h"
#include "graph/node.h"
#include "graph/runtime.h"
#include "nodes/values/fields_payload.h"

namespace ladcast::numbered {

inline Grid grid() {
  Grid grid;
  for (int row = 0; row < 18; ++row) grid.latitude.push_back(-85 + 10 * row);
  for (int column = 0; column < 36; ++column) grid.longitude.push_back(10 * column);
  return grid;
}

inline std::vector<Channel> channels() {
  return {{"geopotential", 850, "m2 s-2"},
          {"geopotential", 500, "m2 s-2"},
          {"2m_temperature", {}, "K"}};
}

/// Between 200 and 300.
inline float value(std::size_t channel, int member, int lead_hours, std::size_t point) {
  std::uint64_t x = channel + 10 * static_cast<std::uint64_t>(member) +
                    1000 * static_cast<std::uint64_t>(lead_hours) + 1000000 * point;
  x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9U;
  x = (x ^ (x >> 27U)) * 0x94D049BB133111EBU;
  return 200 + static_cast<float>(x >> 40U) / static_cast<float>(1U << 24U) * 100;
}

inline Fields fields(const std::vector<int>& members, int lead_hours, Time init) {
  Fields fields{grid(), channels(), init, {lead_hours}, members, false, {}};
  for (const int member : members)
    for (std::size_t c = 0; c < fields.channels.size(); ++c)
      for (std::size_t point = 0; point < fields.grid.points(); ++point)
        fields.values.push_back(value(c, member, lead_hours, point));
  return fields;
}

class Forecast final : public Node {
  Out<Fields> out{this, "fields", "numbered"};

  Axes source_axes(const Plan& plan) const override { return {true, plan.each_lead(), true}; }
  void shape(Shape& shape) override {
    describe_fields(shape.out(out), channels(), grid(), false, shape.plan().largest_batch(), 1);
  }
  void run(Task& task) const override {
    task.send(out, fields(task.members(), task.lead_hours(), task.init()));
  }
};

/// Four members in two batches, leads 6 to 36 h of one initial time, and `nodes` after the node
/// "forecast".
inline std::string pipeline(const std::string& nodes) {
  static const Registration source(
      NodeType{"numbered_forecast", "", [] { return std::make_unique<Forecast>(); }});
  return "flow = 1\n[run]\ninits = [\"2002-01-11T00\"]\nmembers = 4\nbatch = 2\n"
         "lead = { step_hours = 6, until_hours = 36 }\n"
         "[nodes.forecast]\ntype = \"numbered_forecast\"\n" +
         nodes;
}

inline Graph graph_of(const std::string& text) {
  return build_graph(parse_pipeline(text, "test.toml"));
}

inline void run(const std::string& text) {
  Graph graph = graph_of(text);
  run_graph(graph);
}

/// Runs a part with a journal; true if the plan was completed.
inline bool run_part(const std::string& text, const std::filesystem::path& journal, bool resume,
                     int stop_after) {
  Graph graph = graph_of(text);
  const RunOrigin origin = origin_of(graph, std::vector<std::string>(graph.lanes.size()));
  const auto kept =
      resume ? Journal::resume(journal, graph, origin) : Journal::begin(journal, graph, origin);
  std::atomic<int> tasks{0};
  RunOptions options;
  options.journal = kept.get();
  options.resume = resume;
  options.interrupted = [&] { return stop_after >= 0 && tasks >= stop_after; };
  options.progress = [&](auto, auto) { ++tasks; };
  try {
    run_graph(graph, options);
  } catch (const Interrupted&) {
    return false;
  }
  return true;
}

}  // namespace ladcast::numbered
