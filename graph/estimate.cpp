#include "graph/estimate.h"

#include <algorithm>

namespace ladcast {
namespace {

class Bound {
 public:
  explicit Bound(const Graph& graph) : graph_(graph), plan_(graph.plan) {
    for (const auto& node : graph.nodes)
      if (node.feedback >= 0) frames_ = std::max(frames_, node.stage->leads_per_step());
    trajectories_ =
        std::min<std::int64_t>(plan_.in_flight, std::int64_t{plan_.items()} * plan_.batch_count());
    items_ = std::min<std::int64_t>(plan_.items(), std::int64_t{plan_.in_flight} + 1);
  }

  /// How many payloads of an output can be alive at once.
  std::int64_t alive(const GraphNode& node, const OutPort& port, const Axes& axes) const {
    const std::int64_t at_once = axes.batch ? trajectories_ : axes.item ? items_ : 1;
    if (axes.leads.empty()) return at_once;
    const std::int64_t leads = axes.leads.count;
    if (port.detached()) return at_once * leads;
    const std::int64_t in_window = node.is_lead_source() ? plan_.window : open_leads(axes.leads);
    return at_once * std::min(leads, in_window);
  }

  /// Keys of a fold that can be open at once.
  std::int64_t open_folds(const GraphNode& node) const {
    const std::int64_t at_once = node.axes.batch ? trajectories_ : items_;
    if (node.axes.leads.empty()) return at_once;
    const std::int64_t leads = node.axes.leads.count;
    // With all batches in flight they advance together; otherwise the first one passes all leads
    // alone.
    return at_once * (plan_.in_flight >= plan_.batch_count()
                          ? std::min(leads, open_leads(node.axes.leads))
                          : leads);
  }

  /// Bodies of a node that can run at once.
  std::int64_t bodies(const GraphNode& node) const {
    if (node.stage->order()) return 1;
    std::int64_t most = plan_.threads;
    if (node.lane >= 0) {
      const LaneSpec& lane = graph_.lanes[static_cast<std::size_t>(node.lane)];
      if (lane.devices.empty() || lane.devices.front().starts_with("cuda")) most = 1;
    }
    if (node.limit > 0) most = std::min<std::int64_t>(most, node.limit);
    return std::min<std::int64_t>(most, node.axes.batch ? trajectories_ : items_);
  }

 private:
  /// The window's steps and the one whose forecast is led back.
  std::int64_t open_leads(const Leads& leads) const {
    return (std::int64_t{plan_.window} + 1) * ((frames_ + leads.stride - 1) / leads.stride);
  }

  const Graph& graph_;
  const Plan& plan_;
  int frames_ = 1;
  std::int64_t trajectories_ = 1;
  std::int64_t items_ = 1;
};

}  // namespace

Estimate estimate(const Graph& graph) {
  const Bound bound(graph);
  Estimate result;
  result.program = std::size_t{256} << 20;
  result.lanes.resize(graph.lanes.size());
  std::size_t worker_scratch = 0;
  for (const auto& node : graph.nodes) {
    for (const auto* port : node.stage->outputs()) {
      const Spec& spec = node.specs[static_cast<std::size_t>(port->index())];
      const std::int64_t alive =
          std::min(bound.alive(node, *port, spec.axes), graph.plan.count(spec.axes));
      result.rows.push_back({node.name, port->name(), port->type().name,
                             graph.plan.count(spec.axes), alive, spec.bytes});
      result.payloads += alive;
      result.payload_bytes += static_cast<std::size_t>(alive) * spec.bytes;
    }
    const Memory memory = node.stage->memory();
    auto* lane = node.lane < 0 ? nullptr : &result.lanes[static_cast<std::size_t>(node.lane)];
    (lane ? lane->resident : result.resident) += memory.resident;
    result.fold_bytes += memory.state * static_cast<std::size_t>(bound.open_folds(node));
    // Bodies of one lane share its threads: the largest counts.
    auto& scratch = lane ? lane->scratch : worker_scratch;
    scratch = std::max(scratch, memory.scratch * static_cast<std::size_t>(bound.bodies(node)));
  }
  result.scratch = worker_scratch;
  for (std::size_t i = 0; i < graph.lanes.size(); ++i) {
    const std::size_t devices = std::max<std::size_t>(1, graph.lanes[i].devices.size());
    result.resident += devices * result.lanes[i].resident;
    result.scratch += devices * result.lanes[i].scratch;
  }
  return result;
}

}  // namespace ladcast
