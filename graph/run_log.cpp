#include "graph/run_log.h"

#include <fmt/format.h>

#include "graph/text.h"

namespace ladcast {
namespace {

std::string log_message(const char* event, std::string_view text) {
  if (text.starts_with("error: ")) text.remove_prefix(7);
  while (text.ends_with('\n')) text.remove_suffix(1);
  return fmt::format("{{\"event\": \"{}\", \"message\": {}}}\n", event, quote_json(text));
}

std::string log_node_failure(const NodeFailure& failure) {
  return fmt::format(
      "{{\"event\": \"failed\", \"node\": {}, \"when\": \"{}\"{}{}, \"message\": {}, \"at\": "
      "{}}}\n",
      quote_json(failure.node), failure.when, failure.key.empty() ? "" : ", ", failure.key,
      quote_json(failure.message), quote_json(failure.at));
}

/// How large a plan is, as members of a JSON object.
std::string extent_of(const Plan& plan) {
  if (plan.iterations > 0) return fmt::format("\"iterations\": {}", plan.iterations);
  return fmt::format(
      "\"inits\": {}, \"first_init\": \"{}\", \"last_init\": \"{}\", \"members\": {}, "
      "\"batches\": {}, \"leads\": {}, \"last_lead_hours\": {}",
      plan.items(), short_time(plan.inits.front()), short_time(plan.inits.back()), plan.members(),
      plan.batch_count(), plan.leads, plan.lead_hours(plan.leads));
}

}  // namespace

std::string log_warnings(const std::string& warnings) {
  std::string lines;
  for (std::size_t begin = 0; begin < warnings.size();) {
    std::size_t end = warnings.find('\n', begin);  // further lines of a warning are indented
    while (end != std::string::npos && end + 1 < warnings.size() && warnings[end + 1] == ' ')
      end = warnings.find('\n', end + 1);
    end = std::min(end, warnings.size() - 1) + 1;
    lines += log_message("warning", std::string_view(warnings).substr(begin, end - begin));
    begin = end;
  }
  return lines;
}

std::string log_start(const Graph& graph, const std::vector<std::string>& devices) {
  const Plan& plan = graph.plan;
  std::string lanes;
  for (std::size_t i = 0; i < graph.lanes.size(); ++i)
    lanes += fmt::format("{}{}: {}", i > 0 ? ", " : "", quote_json(graph.lanes[i].name),
                         quote_json(devices[i]));
  std::int64_t tasks = 0;
  for (const auto& node : graph.nodes) tasks += plan.count(node.axes);
  return fmt::format(
      "{{\"event\": \"start\", \"pipeline\": {}, \"title\": {}, {}, \"tasks\": {}, \"threads\": "
      "{}, "
      "\"lanes\": {{{}}}}}\n",
      quote_json(graph.file), quote_json(graph.title), extent_of(plan), tasks, plan.threads, lanes);
}

std::string log_phase(const std::string& node, const std::string& phase, double seconds) {
  return fmt::format("{{\"event\": \"{}\", \"node\": {}, \"seconds\": {:.6f}}}\n",
                     phase == "open" ? "opened" : "finished", quote_json(node), seconds);
}

std::string log_item(const std::string& node, const std::string& item) {
  return fmt::format("{{\"event\": \"item\", \"node\": {}, {}}}\n", quote_json(node), item);
}

std::string log_failure(const std::exception& error) {
  if (const auto* run = dynamic_cast<const RunError*>(&error)) {
    std::string lines;
    for (const NodeFailure& failure : run->failures) lines += log_node_failure(failure);
    return lines;
  }
  if (dynamic_cast<const StallError*>(&error)) return log_message("stalled", error.what());
  if (dynamic_cast<const Interrupted*>(&error)) return log_message("interrupted", error.what());
  return log_message("error", error.what());
}

std::string log_done(const RunReport& report, double seconds, std::uint64_t process_bytes) {
  return fmt::format(
      "{{\"event\": \"done\", \"seconds\": {:.3f}, \"tasks\": {}, \"peak_payload_bytes\": {}, "
      "\"peak_process_bytes\": {}}}\n",
      seconds, report.tasks, report.peak_bytes, process_bytes);
}

}  // namespace ladcast
