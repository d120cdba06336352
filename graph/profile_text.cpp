#include <fmt/format.h>

#include "graph/profile.h"
#include "graph/text.h"

namespace ladcast {
namespace {

std::string format_share(double part, double whole) {
  return whole > 0.0 ? fmt::format("{:.1f} %", 100.0 * part / whole) : "-";
}

/// Empty where there is nothing to tell.
std::string format_wait(double microseconds) {
  return microseconds < 0.5 ? "" : format_microseconds(microseconds);
}

std::string head(const TraceFile& trace, const Profile& p) {
  std::string text = fmt::format(
      "{}: {}\n{} in all: {} before the first call of a node, {} until the last has ended (the "
      "flow),\n"
      "{} to finish and close\n"
      "payloads at most {}\n",
      trace.pipeline, trace.outcome, format_microseconds(p.wall), format_microseconds(p.opening),
      format_microseconds(p.flow), format_microseconds(p.closing), format_bytes(trace.peak_bytes));
  if (trace.left_out > 0)
    text += fmt::format("{} calls were too many for the trace: all sums are too small\n",
                        trace.left_out);
  return text;
}

std::string nodes_text(const Profile& p) {
  std::vector<TableRow> rows{{"node", "calls", "busy", "of flow", "mean", "max"}};
  for (const char* cause : kCauses) rows[0].push_back(cause);
  for (const auto& node : p.nodes) {
    rows.push_back({node.name, fmt::format("{}", node.calls), format_microseconds(node.busy),
                    format_share(node.busy, p.flow), format_microseconds(node.busy / node.calls),
                    format_microseconds(node.longest)});
    for (const double waited : node.waited) rows.back().push_back(format_wait(waited));
  }
  return "\nnodes: what they computed, then for what their ready tasks waited, in sum: a free "
         "worker,\n"
         "a step credit, the admission of their trajectory, the node's limit, their turn\n" +
         format_table(rows, "lrrrrrrrrrr", 2);
}

std::string threads_text(const Profile& p) {
  std::vector<TableRow> rows{{"thread", "calls", "busy", "of flow"}};
  for (const auto& thread : p.threads)
    rows.push_back({thread.name, fmt::format("{}", thread.bodies), format_microseconds(thread.busy),
                    format_share(thread.busy, p.flow)});
  return "\nthreads\n" + format_table(rows, "lrrr", 2);
}

std::string overlap_text(const Profile& p) {
  std::string text;
  for (const auto& o : p.overlaps) {
    const auto row = [&o](const char* what, double time) {
      return TableRow{what, format_microseconds(time), format_share(time, o.busy)};
    };
    text += fmt::format("\noverlap: what ran during the {} in which lane {} computed\n",
                        format_microseconds(o.busy), o.lane) +
            format_table({row("calls on service lanes", o.service),
                          row("calls on workers", o.workers),
                          row("any of these", o.others),
                          {"and these while it did not", format_microseconds(o.alone)}},
                         "lrr", 2);
  }
  return text;
}

std::string engine_text(const Profile& p) {
  std::string text = fmt::format(
      "\nengine: in {} of the flow some thread was idle while a task for it was ready\n",
      format_share(p.engine, p.flow));
  std::vector<TableRow> rows{{"lane", "threads", "busy", "idle, task ready"}};
  for (const auto& lane : p.lanes)
    rows.push_back({lane.name, fmt::format("{}", lane.threads),
                    format_share(lane.busy, p.flow * lane.threads),
                    format_share(lane.engine, p.flow * lane.threads)});
  return text + format_table(rows, "lrrr", 2);
}

std::string path_text(const Profile& p) {
  std::vector<TableRow> rows;
  for (const auto& part : p.path.parts)
    rows.push_back({part.node, fmt::format("{}", part.bodies), format_microseconds(part.time),
                    format_share(part.time, p.flow)});
  rows.push_back({"between calls", "", format_microseconds(p.path.between),
                  format_share(p.path.between, p.flow)});
  return "\ncritical path: the chain of calls that ends last\n" + format_table(rows, "lrrr", 2);
}

}  // namespace

std::string profile_text(const TraceFile& trace, const Profile& p) {
  if (p.nodes.empty()) return head(trace, p) + "no node was called\n";
  return head(trace, p) + nodes_text(p) + threads_text(p) + overlap_text(p) + engine_text(p) +
         path_text(p);
}

}  // namespace ladcast
