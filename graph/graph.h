// A checked pipeline: nodes with their edges, axes and specs, ready to run.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "graph/pipeline.h"
#include "graph/plan.h"
#include "graph/registry.h"
#include "graph/spec.h"
#include "graph/stage.h"

namespace ladcast {

/// An output as a consumer names it.
struct Origin {
  int node = 0;
  int port = 0;
  Position at;  // where the edge is written
};

/// An input as a producer sees it. `slot` counts the edges of a port that takes many.
struct Target {
  int node = 0;
  int port = 0;
  int slot = 0;
};

struct GraphNode {
  std::string name;
  const NodeType* type = nullptr;
  std::unique_ptr<Stage> stage;
  Position position;  // of the node's name
  Position type_position;
  int lane = -1;
  int limit = 0;  // bodies at once; 0 is no limit

  std::vector<std::vector<Origin>>
      inputs;  // by input port; empty where an optional port is unwired
  std::vector<std::vector<Target>> outputs;  // by output port
  Axes axes;                                 // of its tasks
  std::vector<Spec> specs;                   // by output port
  int depth = 0;                             // longest way from a source
  int feedback = -1;                         // the input port that closes the cycle of a rollout

  bool is_source() const { return stage->inputs().empty(); }
  /// A stage that first gives messages a member axis: its tasks wait for their trajectory's
  /// admission.
  bool opens_trajectories = false;
  /// A source that emits along lead, a sequence of its own.
  bool is_lead_source() const { return is_source() && !axes.leads.empty(); }
  /// Whether an output has a reader.
  bool is_read() const;
  /// What an Ordered stage says of itself: it need not begin anew, it saves states. The latter only
  /// where its order is that of the whole plan.
  bool keeps() const;
  bool saves() const;
};

struct LaneSpec {
  std::string name;
  std::vector<std::string> devices;  // none: a service thread; "auto", "cpu", "cuda:0"
  bool process_wide = false;
};

struct Graph {
  std::string file;
  std::string title;
  Plan plan;
  std::vector<LaneSpec> lanes;
  std::vector<GraphNode> nodes;  // in the order of the file
  std::vector<int> order;        // indices of nodes from sources to sinks
  std::string warnings;
  Setting settings;               // the resolved pipeline
  std::filesystem::path journal;  // a folder; empty where no journal is kept
  bool skip_items = false;        // an item that fails is left out, and the others go on
  bool fast = false;              // devices may compute in other bits from run to run

  int find(const std::string& name) const;
  bool has_batches() const;
  /// Which of its lane's devices a task of `node` runs on. A trajectory stays on one; what sees its
  /// keys in order is on the first.
  std::size_t device_of(const GraphNode& node, const Key& key) const;
};

/// A part of the plan: member numbers and initial times. Empty is all.
struct Selection {
  std::vector<int> members;
  std::vector<Time> inits;
};

/// Reads "members=1-4,7" or "inits=2002-01-11T00,…" into `selection`. Throws PipelineError.
void add_selection(Selection& selection, const std::string& option);

/// The plan and the nodes with their parameters alone: nothing is wired and no data file is opened.
/// Throws PipelineError with everything that is wrong.
Graph read_graph(const Pipeline& pipeline, const Selection& selection = {});

/// Applies all static rules of a pipeline. Throws PipelineError with everything that is wrong.
Graph build_graph(const Pipeline& pipeline, const Selection& selection = {});

}  // namespace ladcast
