// The lines of `run --log json`: one JSON object each, with "event" first.
#pragma once

#include <cstdint>
#include <exception>
#include <string>
#include <vector>

#include "graph/graph.h"
#include "graph/runtime.h"

namespace ladcast {

enum class LogStyle { text, json };

/// Each gives whole lines with their ends. `devices` are those of graph.lanes, resolved.
std::string log_warnings(const std::string& warnings);
std::string log_start(const Graph& graph, const std::vector<std::string>& devices);
/// A node was opened or has finished: `phase` is "open" or "finish".
std::string log_phase(const std::string& node, const std::string& phase, double seconds);
/// An Ordered node has finished an item, given as Plan::describe_json() does: its file is complete.
std::string log_item(const std::string& node, const std::string& item);
/// "failed" for each node that failed; "stalled", "interrupted" or "error" for the rest.
std::string log_failure(const std::exception& error);
std::string log_done(const RunReport& report, double seconds, std::uint64_t process_bytes);

}  // namespace ladcast
