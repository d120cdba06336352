// A group of Zarr arrays on a local disk, opened for reading. One thread at a time.
#pragma once

#include <cstddef>
#include <deque>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "nodes/values/zarr_metadata.h"

namespace ladcast {

class ZarrGroup {
 public:
  /// Of decompressed chunks; a single one may be larger.
  static constexpr std::size_t kMostKeptBytes = std::size_t{64} << 20;

  /// Reads the metadata. Throws Error.
  explicit ZarrGroup(std::filesystem::path folder);

  const std::filesystem::path& folder() const { return folder_; }
  const std::vector<ZarrArray>& arrays() const { return arrays_; }

  /// The values of a hyperslab of one of arrays(), row-major, as they are stored; those of a chunk
  /// that is not there are the fill value. The chunks that were used last are kept. Requires: one
  /// start and count per dimension. Throws Error.
  std::vector<double> read(const ZarrArray& array, std::span<const std::size_t> start,
                           std::span<const std::size_t> count) const;

  /// Whether a chunk of an array was written. Requires: one index per dimension.
  bool has_chunk(const ZarrArray& array, const std::vector<std::size_t>& index) const;

  /// Frees the chunks that are kept.
  void forget() const;

 private:
  using Bytes = std::shared_ptr<const std::string>;

  Bytes chunk(const ZarrArray& array, const std::vector<std::size_t>& index) const;
  static Bytes load(const ZarrArray& array, const std::filesystem::path& file);

  std::filesystem::path folder_;
  std::vector<ZarrArray> arrays_;
  mutable std::deque<std::pair<std::filesystem::path, Bytes>> kept_;  // the oldest first
  mutable std::size_t kept_bytes_ = 0;
};

}  // namespace ladcast
