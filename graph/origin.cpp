#include "graph/origin.h"

#include <fmt/format.h>

#include <map>
#include <set>

#include "graph/fingerprint.h"
#include "graph/flatten.h"
#include "graph/lane.h"
#include "graph/version.h"

namespace ladcast {
namespace {

/// What does not change results, or may grow when a run is continued.
bool decides(const std::string& path) {
  static const std::vector<std::string> kFree = {
      "title", "engine", "run.inits", "run.lead.until_hours", "run.iterations", "tests"};
  for (const auto& free : kFree)
    if (path == free || path.starts_with(free + ".")) return false;
  return !path.ends_with(".note");
}

/// What decides the values that are computed: where files lie does not, what is in them does.
std::string content_hash(const Graph& graph, const RunOrigin& origin) {
  std::set<std::string> places;
  for (const auto& node : graph.nodes)
    for (const auto* param : node.stage->params()) {
      const std::string type = param->type();
      if (type == ParamTraits<PathPattern>::name() || type == ParamTraits<InputFiles>::name())
        places.insert("nodes." + node.name + "." + param->name());
    }
  std::string text;
  for (const auto& [path, value] : origin.settings)
    if (!places.contains(path)) text += path + " = " + value + "\n";
  std::multiset<std::string> prints;
  for (const auto& [path, print] : origin.files) prints.insert(print);
  for (const auto& print : prints) text += print + "\n";
  return sha256(text);
}

}  // namespace

RunOrigin origin_of(const Graph& graph, const std::vector<std::string>& devices) {
  RunOrigin origin;
  origin.program = program_version();
  origin.settings = flatten(graph.settings, "");
  std::erase_if(origin.settings, [](const auto& fact) { return !decides(fact.first); });
  for (std::size_t i = 0; i < graph.plan.batches.size(); ++i)
    origin.settings.emplace_back(fmt::format("members of batch {}", i + 1),
                                 format_members(graph.plan.batches[i]));
  std::map<std::string, std::string> files;
  for (const auto& node : graph.nodes) {
    auto read = node.stage->files();
    if (!node.type->file.empty()) read.emplace_back(node.type->file);  // a plugin
    for (const auto& file : read)
      if (!files.contains(file.string()) && std::filesystem::is_regular_file(file))
        files.emplace(file.string(), fingerprint(file));
  }
  origin.files.assign(files.begin(), files.end());

  origin.pipeline = content_hash(graph, origin);
  for (std::size_t i = 0; i < graph.lanes.size(); ++i) {
    if (devices[i].empty()) continue;
    const std::string lane = "lane " + graph.lanes[i].name;
    const auto mode = device_support().describe_mode(devices[i], graph.fast);
    origin.machine.emplace_back(lane, devices[i] + (mode.empty() ? "" : ", " + mode));
    if (!mode.empty())
      origin.computed.push_back(fmt::format("{} on {}: {}", lane, devices[i], mode));
  }
  for (const auto& [library, version] : library_versions())
    origin.machine.emplace_back(library, version);
  return origin;
}

}  // namespace ladcast
