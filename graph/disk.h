// Room on disk for the files that a run will write.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "graph/graph.h"

namespace ladcast {

/// Files of one sink.
struct PlannedFiles {
  std::string node;
  std::string pattern;
  std::int64_t count = 0;
  std::uint64_t bytes = 0;  // of all together, an estimate
};
std::vector<PlannedFiles> planned_files(const Graph& graph);

/// What a run needs of one file system.
struct Volume {
  std::filesystem::path folder;  // an existing folder on it, at or above the first file
  std::uint64_t needed = 0;
  std::uint64_t available = 0;
};
/// One entry for each file system that planned files go to. Throws Error.
std::vector<Volume> volumes(const Graph& graph);

/// Throws PipelineError where a sink writes outside of `folder`; `who` does: "a test".
void require_claims_in(const Graph& graph, const std::filesystem::path& folder,
                       const std::string& who);

/// Throws Error where a sink would write what a node of the same run reads.
void check_inputs_stay(const Graph& graph);

/// Throws Error where a run of some members or initial times alone (--only) would put a part in the
/// place of a file that is there.
void check_parts(const Graph& graph, bool some_members, bool some_items);

/// Throws Error where a file system has less room than the plan's files need.
void check_disk(const std::vector<Volume>& volumes);

}  // namespace ladcast
