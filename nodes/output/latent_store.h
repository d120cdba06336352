// Archives of latents: Zarr, version 2, in which a payload is one chunk.
//
// latents (time, number, prediction_timedelta, channel, y, x) and, where there are analyses,
// analysis (time, channel, y, x); float32, not normalised, as the reference writes its latents.
#pragma once

#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "graph/time.h"
#include "nodes/values/model.h"

namespace ladcast {

struct LatentStoreSpec {
  LatentShape shape;
  std::vector<Time> inits;
  std::vector<int> lead_hours;
  std::vector<int> members;
  std::size_t members_in_chunk = 1, leads_in_chunk = 1;
  bool has_analysis = false;
  std::map<std::string, std::string> attributes;  // of the group

  std::size_t frame() const {
    return static_cast<std::size_t>(shape.channels) * static_cast<std::size_t>(shape.rows) *
           static_cast<std::size_t>(shape.columns);
  }
};

/// The chunk files of one payload: with this initial time, these members and this first lead.
/// Throws Error where the archive does not have these.
std::vector<std::filesystem::path> latent_chunks(const std::filesystem::path& store,
                                                 const LatentStoreSpec& spec, Time init,
                                                 std::span<const int> members, int lead_hours);

/// Whether an earlier run of the same pipeline (attribute ladcast_pipeline) left this archive.
bool can_continue(const std::filesystem::path& store, const LatentStoreSpec& spec);

class LatentStore {
 public:
  /// Writes all metadata and coordinates; chunks that are there stay. Throws Error.
  LatentStore(std::filesystem::path path, LatentStoreSpec spec);

  /// Writes frames [member][lead][channel][y][x]; leads beyond those of the archive are left out.
  /// Returns the files. Throws Error where they do not belong to the archive.
  std::vector<std::filesystem::path> write(Time init, std::span<const int> members,
                                           std::span<const int> lead_hours,
                                           std::span<const float> frames) const;

  /// Writes the frame of an analysis. Returns its file.
  std::filesystem::path write_analysis(Time init, std::span<const float> frame) const;

 private:
  std::filesystem::path path_;
  LatentStoreSpec spec_;
};

}  // namespace ladcast
