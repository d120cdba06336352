#include "graph/dry_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <vector>

#include "graph/text.h"

namespace ladcast {
namespace {

double median(std::vector<double> values) {
  if (values.empty()) return 0.0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// Seconds of each task, by node.
std::map<std::string, std::vector<double>> task_times(const TraceFile& part) {
  std::map<std::string, std::vector<double>> times;
  for (const TraceSpan& span : part.spans)
    if (span.is_body()) times[span.node].push_back((span.end - span.begin) * 1e-6);
  return times;
}

struct NodeEstimate {
  std::string name, lane;
  std::int64_t tasks = 0;
  double each = 0.0;
  double all() const { return static_cast<double>(tasks) * each; }
};

}  // namespace

std::string dry_run_text(const TraceFile& part, const Graph& whole) {
  const auto times = task_times(part);
  std::vector<NodeEstimate> nodes;
  std::map<std::string, double> lanes;
  for (const auto& node : whole.nodes) {
    const auto found = times.find(node.name);
    NodeEstimate estimate{
        node.name,
        node.lane < 0 ? "workers" : whole.lanes[static_cast<std::size_t>(node.lane)].name,
        whole.plan.count(node.axes), found == times.end() ? 0.0 : median(found->second)};
    lanes[estimate.lane] += estimate.all();
    nodes.push_back(std::move(estimate));
  }
  // Ordered nodes and those with state take one task at a time, whatever their lane has threads.
  double run = 0.0;
  for (const NodeEstimate& node : nodes) run = std::max(run, node.all());
  for (const TraceLane& lane : part.lanes)
    if (const auto found = lanes.find(lane.name); found != lanes.end())
      run = std::max(run, found->second / lane.threads);

  std::stable_sort(nodes.begin(), nodes.end(),
                   [](const auto& a, const auto& b) { return a.all() > b.all(); });
  std::vector<TableRow> rows{{"node", "lane", "tasks", "each", "all"}};
  for (const NodeEstimate& node : nodes)
    if (node.all() >= 0.001 * run && node.all() > 0.0)
      rows.push_back({node.name, node.lane, std::to_string(node.tasks), format_duration(node.each),
                      format_duration(node.all())});
  return format_table(rows, "llrrr", 2) +
         fmt::format("the run takes about {} on this machine while nothing else runs on it\n",
                     format_duration(run));
}

}  // namespace ladcast
