#include "graph/disk.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <map>

#include "graph/text.h"

namespace ladcast {
namespace {

namespace fs = std::filesystem;

/// The nearest folder that is there: files go into folders that are yet to be made.
fs::path existing_folder(const fs::path& file) {
  std::error_code ignored;
  fs::path folder = fs::absolute(file).parent_path();
  while (!fs::is_directory(folder, ignored) && folder != folder.root_path())
    folder = folder.parent_path();
  return folder;
}

std::int64_t file_count(const Claim& claim, const GraphNode& sink, const Plan& plan) {
  std::int64_t count = 1;
  if (claim.pattern.has("init")) count *= plan.extent(sink.axes, Axis::item);
  if (claim.pattern.has("member") && sink.axes.batch) count *= plan.members();
  if (claim.pattern.has("lead")) count *= plan.extent(sink.axes, Axis::lead);
  return count;
}

/// The files of one claim.
std::vector<fs::path> paths_of(const Claim& claim, const GraphNode& sink, const Plan& plan) {
  std::vector<fs::path> paths;
  std::vector<int> members = {0};
  if (claim.pattern.has("member")) {
    members.clear();
    for (const auto& batch : plan.batches)
      members.insert(members.end(), batch.begin(), batch.end());
  }
  const Leads& leads = sink.axes.leads;
  const int lead_count = claim.pattern.has("lead") ? std::max(leads.count, 1) : 1;
  const std::size_t items = claim.pattern.has("init") ? plan.inits.size() : 1;
  for (std::size_t item = 0; item < items; ++item)
    for (const int member : members)
      for (int lead = 0; lead < lead_count; ++lead)
        paths.push_back(
            claim.pattern.expand(plan.inits[item], member, plan.lead_hours(leads.at(lead))));
  return paths;
}

/// Whether `inner` is `outer` or lies in it. Requires: canonical paths.
bool is_in(const fs::path& inner, const fs::path& outer) {
  return std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end()).first == outer.end();
}

}  // namespace

void require_claims_in(const Graph& graph, const fs::path& folder, const std::string& who) {
  for (const auto& node : graph.nodes)
    for (const auto& claim : node.stage->claims())
      if (!claim.pattern.text.starts_with(folder.string()))
        throw PipelineError(
            fmt::format("error: {}: {} would write {}\n      = let the path of node '{}' begin "
                        "with ${{out}}",
                        graph.file, who, claim.pattern.text, node.name));
}

void check_inputs_stay(const Graph& graph) {
  std::vector<std::pair<std::string, fs::path>> inputs;  // by the node that reads them
  for (const auto& reader : graph.nodes)
    for (const fs::path& file : reader.stage->files())
      inputs.emplace_back(reader.name, fs::weakly_canonical(file));
  for (const auto& sink : graph.nodes)
    for (const auto& claim : sink.stage->claims())
      for (const fs::path& place : paths_of(claim, sink, graph.plan)) {
        std::error_code ignored;
        if (!fs::exists(place, ignored)) continue;
        const fs::path outer = fs::weakly_canonical(place);
        for (const auto& [reader, file] : inputs)
          if (is_in(file, outer))
            fail("node '{}' would write over {}, which node '{}' reads\n      = write elsewhere",
                 sink.name, place.string(), reader);
      }
}

void check_parts(const Graph& graph, bool some_members, bool some_items) {
  for (const auto& sink : graph.nodes)
    for (const auto& claim : sink.stage->claims()) {
      const bool cuts = (some_members && claim.holds_members && !claim.pattern.has("member")) ||
                        (some_items && claim.holds_items && !claim.pattern.has("init"));
      if (!cuts) continue;
      for (const fs::path& place : paths_of(claim, sink, graph.plan))
        if (std::error_code ignored; fs::exists(place, ignored))
          fail(
              "--only makes a part, and node '{}' would put it in the place of {}\n"
              "      = write it elsewhere, as --set out=out/part, or remove what is there",
              sink.name, place.string());
    }
}

std::vector<PlannedFiles> planned_files(const Graph& graph) {
  std::vector<PlannedFiles> files;
  for (const auto& node : graph.nodes)
    for (const auto& claim : node.stage->claims())
      files.push_back(
          {node.name, claim.pattern.text, file_count(claim, node, graph.plan), claim.bytes});
  return files;
}

std::vector<Volume> volumes(const Graph& graph) {
  std::map<dev_t, Volume> found;
  for (const auto& files : planned_files(graph)) {
    const fs::path folder = existing_folder(files.pattern.substr(0, files.pattern.find('{')));
    struct stat status {};
    if (::stat(folder.c_str(), &status) != 0)
      fail("cannot look at {}: {}", folder.string(), std::strerror(errno));
    auto [at, added] = found.try_emplace(status.st_dev);
    if (added) at->second = {folder, 0, fs::space(folder).available};
    at->second.needed += files.bytes;
  }
  std::vector<Volume> list;
  for (auto& [device, volume] : found) list.push_back(std::move(volume));
  return list;
}

void check_disk(const std::vector<Volume>& volumes) {
  for (const auto& volume : volumes)
    if (volume.needed > volume.available)
      fail(
          "the run writes about {} to the disk of {}, which has {} free\n"
          "      = free some space, or write elsewhere, fewer members, leads or initial times",
          format_bytes(volume.needed), volume.folder.string(), format_bytes(volume.available));
}

}  // namespace ladcast
