#include "graph/disk.h"

#include <sys/stat.h>

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

}  // namespace

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
