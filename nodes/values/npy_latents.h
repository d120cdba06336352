// The reference's file of latents of one initial time, latent_YYYYMMDDHH.npy: float32 (member,
// channel, 1 + leads, row, column), not normalised. Lead 0 is the analysis, which each member has
// again. Thread-safe: reading.
#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "graph/npy.h"
#include "nodes/values/model.h"

namespace ladcast {

/// Whether a path, or a pattern of paths, is that of such a file.
bool is_npy(const std::filesystem::path& path);

class NpyLatents {
 public:
  /// All functions throw Error. A new file is all zeros.
  static NpyLatents create(const std::filesystem::path& path, const LatentShape& shape,
                           std::size_t members, std::size_t leads);
  /// A file of latents of this shape.
  static NpyLatents open(const std::filesystem::path& path, const LatentShape& shape);
  static NpyLatents open_to_write(const std::filesystem::path& path, const LatentShape& shape);

  std::size_t members() const { return file_.shape()[0]; }
  std::size_t leads() const { return file_.shape()[2] - 1; }

  /// One frame (channel, row, column). Requires: a member from 1 and a lead that are there.
  void read(std::size_t member, std::size_t lead, std::span<float> frame) const;
  void write(std::size_t member, std::size_t lead, std::span<const float> frame) const;

  void sync() const { file_.sync(); }

 private:
  NpyLatents(NpyFile file, const LatentShape& shape);
  std::size_t index(std::size_t member, std::size_t channel, std::size_t lead) const;

  NpyFile file_;
};

}  // namespace ladcast
