// A test runs each combination with taps on the nodes that it names, takes the messages apart by
// member, and compares them with those of the first combination. So the size of batches, which
// decides what one message holds, may be varied.

#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <map>
#include <set>
#include <tuple>

#include "graph/disk.h"
#include "graph/graph.h"
#include "graph/pipeline_test.h"
#include "graph/random.h"
#include "graph/runtime.h"
#include "graph/scratch_folder.h"
#include "graph/text.h"

namespace ladcast {
namespace {

namespace fs = std::filesystem;

/// One member's part of one array of a message.
struct Place {
  std::string output;
  int iteration = 0;  // 0 where the items are initial times
  Time init{};
  int lead_hours = 0;
  int member = 0;  // 0 where the output is not split by member
  std::string array;
  auto operator<=>(const Place&) const = default;
};

std::string to_text(const Place& place) {
  if (place.iteration > 0)
    return fmt::format("'{}' at iteration {}", place.output, place.iteration);
  return fmt::format("'{}' at init {}{}, lead {} h", place.output, short_time(place.init),
                     place.member > 0 ? fmt::format(", member {}", place.member) : "",
                     place.lead_hours);
}

/// What arrived at one node, or left it.
struct Recording {
  std::int64_t messages = 0;
  std::map<Place, std::vector<float>> values;
};

using Recordings = std::map<std::string, Recording>;  // by node

/// Outputs that a node sends, or where it has none, those that it reads.
std::set<std::pair<int, int>> outputs_of(const Graph& graph, const std::string& name) {
  const int index = graph.find(name);
  const GraphNode& node = graph.nodes[static_cast<std::size_t>(index)];
  std::set<std::pair<int, int>> outputs;
  for (const auto* port : node.stage->outputs()) outputs.emplace(index, port->index());
  if (!outputs.empty()) return outputs;
  for (const auto& edges : node.inputs)
    for (const auto& origin : edges) outputs.emplace(origin.node, origin.port);
  return outputs;
}

void record(Recording& recording, const Graph& graph, int node, int port, const Key& key,
            const Payload& payload) {
  const GraphNode& from = graph.nodes[static_cast<std::size_t>(node)];
  const Axes& axes = from.specs[static_cast<std::size_t>(port)].axes;
  const Plan& plan = graph.plan;
  ++recording.messages;
  for (const ArrayView& array : payload.arrays()) {
    Place place{from.name + "." + from.stage->outputs()[static_cast<std::size_t>(port)]->name(),
                plan.iterations > 0 ? key.item + 1 : 0,
                plan.inits[static_cast<std::size_t>(key.item)],
                plan.lead_hours(key.lead),
                0,
                array.name};
    std::vector<int> members = {0};
    if (axes.batch) members = plan.batches[static_cast<std::size_t>(key.batch)];
    const bool split = axes.batch && !array.shape.empty() && array.shape[0] == members.size();
    const std::size_t each = array.values.size() / (split ? members.size() : 1);
    for (std::size_t m = 0; m < (split ? members.size() : 1); ++m) {
      place.member = members[m];
      const auto part = array.values.subspan(m * each, each);
      recording.values[place].assign(part.begin(), part.end());
    }
  }
}

Recordings run_combination(const std::string& file, const std::vector<std::string>& sets,
                           const PipelineTest& test, const std::set<std::string>& nodes) {
  const ScratchFolder folder;
  auto all = sets;
  all.push_back("out=" + folder.path().string());
  Graph graph = build_graph(replaced(load_pipeline(file, all), test));
  require_claims_in(graph, folder.path(), "a test");
  Recordings recordings;
  RunOptions options;
  for (const auto& name : nodes)
    for (const auto& [node, port] : outputs_of(graph, name))
      options.taps.push_back({node, port,
                              [&recording = recordings[name], &graph, node = node, port = port](
                                  const Key& key, const Payload& payload) {
                                record(recording, graph, node, port, key, payload);
                              }});
  run_graph(graph, options);
  return recordings;
}

bool equal_bits(const std::vector<float>& a, const std::vector<float>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

/// The largest difference in standard deviations of the reference; infinite where they cannot be
/// compared.
double difference(const std::vector<float>& reference, const std::vector<float>& values) {
  if (reference.size() != values.size()) return INFINITY;
  double sum = 0, squares = 0, largest = 0;
  std::size_t count = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::isnan(reference[i]) != std::isnan(values[i])) return INFINITY;
    if (std::isnan(values[i])) continue;
    sum += static_cast<double>(reference[i]);
    squares += std::pow(static_cast<double>(reference[i]), 2);
    largest = std::max(largest, std::abs(static_cast<double>(values[i] - reference[i])));
    ++count;
  }
  if (largest == 0) return 0;
  const double mean = sum / static_cast<double>(count);
  return largest / std::sqrt(std::max(0.0, squares / static_cast<double>(count) - mean * mean));
}

class Comparison {
 public:
  Comparison(const PipelineTest& test, std::string reference)
      : test_(test), reference_(std::move(reference)) {}

  void check(const Recordings& first, const Recordings& now, const std::string& combination) {
    combination_ = combination;
    for (const auto& node : test_.same)
      compare(first.at(node), now.at(node), node, [](const auto& a, const auto& b) {
        return equal_bits(a, b) ? std::string() : "differs";
      });
    for (const auto& [node, tolerance] : test_.close)
      compare(first.at(node), now.at(node), node,
              [tolerance = tolerance](const auto& a, const auto& b) {
                const double apart = difference(a, b);
                return apart <= tolerance
                           ? std::string()
                           : fmt::format("is {:.2g} standard deviations off, {:g} allowed", apart,
                                         tolerance);
              });
    for (const auto& [node, count] : test_.messages)
      if (now.at(node).messages != count)
        add(fmt::format("node '{}' has {} messages, {} expected", node, now.at(node).messages,
                        count));
    for (const auto& node : test_.finite) check_finite(now.at(node));
  }

  std::vector<std::string> problems;

 private:
  void add(const std::string& what) {
    problems.push_back((combination_.empty() ? "" : combination_ + ": ") + what);
  }

  /// Adds the first difference of a node and how many there are.
  template <class Differ>
  void compare(const Recording& first, const Recording& now, const std::string& node,
               Differ differ) {
    std::string example;
    std::size_t count = 0;
    for (const auto& [place, values] : first.values) {
      const auto other = now.values.find(place);
      const std::string what =
          other == now.values.end() ? "is not there" : differ(values, other->second);
      if (what.empty()) continue;
      if (count++ == 0) example = to_text(place) + " " + what;
    }
    if (first.values.size() != now.values.size())
      add(fmt::format("node '{}' has {} parts, {} with {}", node, now.values.size(),
                      first.values.size(), reference_));
    if (count > 0)
      add(fmt::format("{} (first of {} of {}; compared with {})", example, count,
                      first.values.size(), reference_));
  }

  void check_finite(const Recording& recording) {
    for (const auto& [place, values] : recording.values)
      for (const float value : values)
        if (!std::isfinite(value)) {
          add(to_text(place) + " has values that are not finite");
          return;
        }
  }

  const PipelineTest& test_;
  std::string reference_;
  std::string combination_;
};

}  // namespace

std::vector<std::string> run_test(const std::string& file, const std::vector<std::string>& sets,
                                  const PipelineTest& test) {
  std::set<std::string> nodes(test.same.begin(), test.same.end());
  nodes.insert(test.finite.begin(), test.finite.end());
  for (const auto& [node, tolerance] : test.close) nodes.insert(node);
  for (const auto& [node, count] : test.messages) nodes.insert(node);

  auto base = sets;
  base.insert(base.end(), test.sets.begin(), test.sets.end());
  const auto all = combinations(test);
  Comparison comparison(test, join(all.front()));
  Recordings first;
  for (std::size_t i = 0; i < all.size(); ++i) {
    auto with = base;
    with.insert(with.end(), all[i].begin(), all[i].end());
    auto now = run_combination(file, with, test, nodes);
    if (i == 0) first = now;
    comparison.check(first, now, join(all[i]));
  }
  return comparison.problems;
}

}  // namespace ladcast
