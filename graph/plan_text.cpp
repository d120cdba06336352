#include "graph/plan_text.h"

#include "graph/diagnostics.h"
#include "graph/estimate.h"
#include "graph/text.h"

namespace ladcast {
namespace {

std::string inits_text(const Plan& plan) {
  if (plan.items() == 0) return "no initial time";
  if (plan.iterations > 0) return plan.count_items(plan.iterations);
  if (plan.items() == 1) return "init " + short_time(plan.inits.front());
  return fmt::format("{} inits from {} to {}", plan.items(), short_time(plan.inits.front()),
                     short_time(plan.inits.back()));
}

std::string members_text(const Graph& graph) {
  const Plan& plan = graph.plan;
  if (!graph.has_batches()) return "";
  const std::string batches = format_count(plan.batch_count(), "batch");
  return fmt::format(
      ", {} in {}{}", format_count(plan.members(), "member"),
      plan.batch_count() == 1 ? "1 batch" : fmt::format("{} batches", plan.batch_count()),
      plan.batch_count() > 1 ? fmt::format(" of {}", plan.largest_batch()) : "");
}

std::string leads_text(const Plan& plan) {
  return plan.leads == 0 ? ""
                         : fmt::format(", {} to {} h", format_count(plan.leads, "lead"),
                                       plan.lead_hours(plan.leads));
}

std::vector<std::string> readers(const Graph& graph, const std::vector<Target>& targets) {
  std::vector<std::string> names;
  for (const auto& target : targets)
    names.push_back(graph.nodes[static_cast<std::size_t>(target.node)].name);
  return names;
}

std::string tasks_and_messages(const Graph& graph, const Estimate& estimate) {
  std::vector<TableRow> rows{
      {"node", "type", "tasks", "output", "messages", "at once", "size", "read by"}};
  std::size_t at = 0;
  std::int64_t tasks = 0, messages = 0;
  for (const auto& node : graph.nodes) {
    const std::int64_t count = graph.plan.count(node.axes);
    tasks += count;
    TableRow row{node.name, node.type->name, fmt::format("{}", count)};
    for (std::size_t port = 0; port < node.outputs.size(); ++port) {
      const auto& output = estimate.rows[at++];
      messages += output.messages;
      row.insert(row.end(),
                 {output.port, fmt::format("{}", output.messages), fmt::format("{}", output.alive),
                  format_bytes(output.bytes), join(readers(graph, node.outputs[port]))});
      rows.push_back(std::move(row));
      row = {"", "", ""};
    }
    if (node.outputs.empty()) rows.push_back(std::move(row));
  }
  return fmt::format("{}, {}\n", format_count(tasks, "task"), format_count(messages, "message")) +
         format_table(rows, "llrlrrrl", 2);
}

/// What a lane's device must have; of service threads there is nothing to tell.
std::string lane_memory_text(const Graph& graph, const Estimate& e) {
  std::string text;
  for (std::size_t i = 0; i < graph.lanes.size(); ++i)
    if (const auto& lane = graph.lanes[i]; !lane.devices.empty())
      text += fmt::format("  of this {} on {} of lane {}: weights {}, bodies at work {}\n",
                          format_bytes(e.lanes[i].total()),
                          lane.devices.size() > 1 ? "each device" : "the device", lane.name,
                          format_bytes(e.lanes[i].resident), format_bytes(e.lanes[i].scratch));
  return text;
}

std::string memory_text(const Graph& graph, const Estimate& e) {
  return fmt::format("memory, at most {}\n", format_bytes(e.total())) +
         format_table(
             {{format_bytes(e.payload_bytes), format_count(e.payloads, "payload") + " at once"},
              {format_bytes(e.fold_bytes), "open folds"},
              {format_bytes(e.resident), "weights and tables"},
              {format_bytes(e.scratch), "bodies at work"},
              {format_bytes(e.program), "program and libraries"}},
             "rl", 2) +
         lane_memory_text(graph, e);
}

std::string files_text(const Graph& graph, const std::vector<Volume>& volumes) {
  std::vector<TableRow> rows;
  for (const auto& files : planned_files(graph))
    rows.push_back({files.pattern, format_count(files.count, "file"),
                    files.bytes > 0 ? "about " + format_bytes(files.bytes) : "size not known",
                    files.node});
  if (rows.empty()) return "";
  std::string text = "files\n" + format_table(rows, "lrrl", 2) + "\ndisk\n";
  for (const auto& volume : volumes)
    text += fmt::format("  {}: needs about {}, has {} free\n", volume.folder.string(),
                        format_bytes(volume.needed), format_bytes(volume.available));
  return text + "\n";
}

std::vector<std::string> lane_texts(const Graph& graph, const std::vector<std::string>& devices) {
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < graph.lanes.size(); ++i)
    texts.push_back("lane " + graph.lanes[i].name +
                    (devices[i].empty() ? "" : " on " + devices[i]));
  return texts;
}

}  // namespace

std::string run_line(const Graph& graph, const std::vector<std::string>& devices) {
  std::string text = (graph.title.empty() ? graph.file : graph.title) + ": " +
                     inits_text(graph.plan) + members_text(graph) + leads_text(graph.plan) + "; " +
                     format_count(graph.plan.threads, "thread");
  for (const auto& lane : lane_texts(graph, devices)) text += ", " + lane;
  return text;
}

std::string plan_text(const Graph& graph, const std::vector<Volume>& volumes) {
  std::vector<std::string> devices;
  for (const auto& lane : graph.lanes) devices.push_back(join(lane.devices));
  const Plan& plan = graph.plan;
  const Estimate bound = estimate(graph);
  std::string text = run_line(graph, devices) + "\n";
  if (graph.has_batches()) {
    const std::int64_t trajectories = std::int64_t{plan.items()} * plan.batch_count();
    text += fmt::format(
        "{} of {} in flight, {} ahead of their consumers\n",
        std::min<std::int64_t>(plan.in_flight, trajectories),
        trajectories == 1 ? "1 trajectory" : fmt::format("{} trajectories", trajectories),
        format_count(plan.window, "step"));
  }
  return text + "\n" + tasks_and_messages(graph, bound) + "\n" + files_text(graph, volumes) +
         memory_text(graph, bound);
}

}  // namespace ladcast
