#include "graph/tap.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>

#include "graph/diagnostics.h"
#include "graph/npy.h"
#include "graph/random.h"
#include "graph/time.h"

namespace ladcast {
namespace {

std::string shape_text(const std::vector<std::size_t>& shape) {
  std::vector<std::string> extents;
  for (const std::size_t extent : shape) extents.push_back(fmt::format("{}", extent));
  return fmt::format("[{}]", join(extents));
}

/// Rounded down, so that 100 % means all.
std::string finite_share(const Statistics& s) {
  if (s.finite == s.count) return "100 %";
  return fmt::format(
      "{:.3f} %",
      std::floor(1e5 * static_cast<double>(s.finite) / static_cast<double>(s.count)) / 1e3);
}

std::vector<std::string> output_names(const Graph& graph) {
  std::vector<std::string> names;
  for (const auto& node : graph.nodes)
    for (const auto* port : node.stage->outputs()) names.push_back(node.name + "." + port->name());
  return names;
}

/// Node and port of "NODE.PORT" or "NODE".
std::pair<int, int> find_output(const Graph& graph, const std::string& text) {
  const auto unknown = [&](const std::string& what, const std::string& word,
                           const std::vector<std::string>& candidates) {
    const std::string hint = did_you_mean(word, candidates);
    fail("cannot tap '{}': {}\n      = {}", text, what,
         hint.empty() ? "outputs: " + join(output_names(graph)) : hint);
  };
  const auto dot = text.find('.');
  const std::string name = text.substr(0, dot);
  const int node = graph.find(name);
  if (node < 0) {
    std::vector<std::string> names;
    for (const auto& known : graph.nodes) names.push_back(known.name);
    unknown(fmt::format("there is no node '{}'", name), name, names);
  }
  const auto& outputs = graph.nodes[static_cast<std::size_t>(node)].stage->outputs();
  std::vector<std::string> ports;
  for (const auto* port : outputs) ports.push_back(port->name());
  if (dot == std::string::npos) {
    if (outputs.size() == 1) return {node, 0};
    unknown(fmt::format("'{}' has {} outputs", name, outputs.size()), "", {});
  }
  const auto found = std::find(ports.begin(), ports.end(), text.substr(dot + 1));
  if (found == ports.end())
    unknown(fmt::format("'{}' has no such output", name), text.substr(dot + 1), ports);
  return {node, static_cast<int>(found - ports.begin())};
}

}  // namespace

Statistics statistics(std::span<const float> values) {
  Statistics s;
  s.count = values.size();
  double sum = 0.0;
  s.min = std::numeric_limits<double>::infinity();
  s.max = -s.min;
  for (const float value : values) {
    if (!std::isfinite(value)) continue;
    ++s.finite;
    sum += value;
    s.min = std::min(s.min, static_cast<double>(value));
    s.max = std::max(s.max, static_cast<double>(value));
  }
  s.mean = sum / static_cast<double>(s.finite);
  if (s.finite == 0) s.min = s.mean = s.max = std::numeric_limits<double>::quiet_NaN();
  s.hash = fnv1a({reinterpret_cast<const char*>(values.data()), values.size_bytes()});
  return s;
}

std::string format_array(const ArrayView& array) {
  const Statistics s = statistics(array.values);
  return fmt::format("{} count {}, min {:.7g}, mean {:.7g}, max {:.7g}, finite {}, hash {:016x}",
                     shape_text(array.shape), s.count, s.min, s.mean, s.max, finite_share(s),
                     s.hash);
}

std::string tap_file_name(const std::string& output, const Plan& plan, const Axes& axes,
                          const Key& key, const std::string& array) {
  std::vector<std::string> parts{output};
  if (axes.item && plan.iterations > 0)
    parts.push_back(fmt::format("iteration{}", key.item + 1));
  else if (axes.item)
    parts.push_back(compact_time(plan.inits[static_cast<std::size_t>(key.item)]));
  if (axes.batch) {
    parts.push_back(format_members(plan.batches[static_cast<std::size_t>(key.batch)]));
    std::erase(parts.back(), ' ');
  }
  if (!axes.leads.empty()) parts.push_back(fmt::format("{:03}h", plan.lead_hours(key.lead)));
  if (!array.empty()) parts.push_back(array);
  return fmt::format("{}.npy", fmt::join(parts, "_"));
}

Taps::Taps(const Graph& graph, const std::vector<std::string>& outputs,
           std::filesystem::path folder, std::function<void(const std::string&)> print)
    : folder_(std::move(folder)), print_(std::move(print)) {
  for (const auto& text : outputs) {
    const auto [node, port] = find_output(graph, text);
    const GraphNode& from = graph.nodes[static_cast<std::size_t>(node)];
    const auto at = static_cast<std::size_t>(port);
    const Axes& axes = from.specs[at].axes;
    streams_.push_back(
        std::make_unique<Stream>(Stream{from.name + "." + from.stage->outputs()[at]->name(),
                                        node,
                                        port,
                                        graph.plan,
                                        axes,
                                        graph.plan.keys(axes),
                                        0,
                                        {}}));
  }
  if (folder_.empty()) return;
  std::error_code failed;
  std::filesystem::create_directories(folder_, failed);
  if (failed) fail("cannot make the folder {}: {}", folder_.string(), failed.message());
}

std::vector<Tap> Taps::for_engine() const {
  std::vector<Tap> taps;
  for (const auto& stream : streams_)
    taps.push_back({stream->node, stream->port,
                    [this, s = stream.get()](const Key& key, const Payload& payload) {
                      see(*s, key, payload);
                    }});
  return taps;
}

void Taps::see(Stream& stream, const Key& key, const Payload& payload) const {
  const auto arrays = payload.arrays();
  const std::string head = stream.output + " " + stream.plan.describe(key, stream.axes) + ": ";
  std::string text = arrays.empty() ? head + "no numbers in " + payload.type().name + "\n" : "";
  for (const auto& array : arrays) {
    const std::string name = arrays.size() > 1 ? array.name : "";
    text += head + (name.empty() ? "" : name + " ") + format_array(array) + "\n";
    if (!folder_.empty())
      write_npy(folder_ / tap_file_name(stream.output, stream.plan, stream.axes, key, name),
                array.values, array.shape);
  }
  stream.waiting[key] = std::move(text);
  while (stream.next < stream.expected.size()) {
    const auto ready = stream.waiting.find(stream.expected[stream.next]);
    if (ready == stream.waiting.end()) return;
    print_(ready->second);
    stream.waiting.erase(ready);
    ++stream.next;
  }
}

void Taps::flush() {
  for (auto& stream : streams_) {
    for (const auto& [key, text] : stream->waiting) print_(text);
    stream->waiting.clear();
  }
}

}  // namespace ladcast
