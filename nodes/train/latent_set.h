// A training set of latents, opened for reading: a Zarr store with a variable `latents` (time,
// channel, row, column), not normalised, that latent_set_out wrote, or the reference or xarray.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstddef>
#include <filesystem>
#include <map>
#include <mutex>
#include <vector>

#include "graph/time.h"
#include "nodes/values/model.h"
#include "nodes/values/zarr_group.h"

namespace ladcast {

/// Thread-safe: threads read one after the other.
class LatentSet {
 public:
  /// A store in which a chunk is not one frame, as xarray chooses them, is read whole: a frame
  /// would have to be put together from pieces of many large chunks.
  static constexpr std::size_t kMostBytesInMemory = std::size_t{8} << 30;

  /// Throws Error where it is none, or one that is not finished, or too large to be read whole.
  explicit LatentSet(std::filesystem::path store,
                     std::size_t most_bytes_in_memory = kMostBytesInMemory);

  const std::filesystem::path& path() const { return group_.folder(); }
  /// Ascending; without those of which no frame was written.
  std::vector<Time> times() const;
  const LatentShape& shape() const { return shape_; }
  /// Kept in memory from the start.
  std::size_t resident_bytes() const { return whole_.defined() ? whole_.nbytes() : 0; }

  /// One frame [C, H, W], float32, to be left as it is. Throws Error where the set has no such
  /// time, or its latents are not finite.
  at::Tensor read(Time time) const;

 private:
  const ZarrArray& array(const char* name) const;
  void read_shape();
  void read_times();
  void read_whole(std::size_t most_bytes);
  bool is_there(std::size_t place) const;
  at::Tensor block(const std::vector<std::size_t>& start,
                   const std::vector<std::size_t>& count) const;

  ZarrGroup group_;
  mutable std::mutex reading_;
  LatentShape shape_;
  std::map<Time, std::size_t> places_;  // in the store
  at::Tensor whole_;  // [time, C, H, W]; undefined where frames are read one by one
};

}  // namespace ladcast
