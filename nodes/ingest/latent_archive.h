// Archives of latents, opened for reading: a Zarr store that latents_out wrote, or the reference's
// .npy file.
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "graph/time.h"
#include "nodes/values/model.h"

namespace ladcast {

struct LatentsRequest {
  Time init;
  std::vector<int> members;
  std::vector<int> lead_hours;  // from 1 lead on: the analysis is not read
};

/// One thread at a time.
class LatentArchive {
 public:
  virtual ~LatentArchive() = default;

  /// Throws Error with what is not there.
  virtual void require(const LatentsRequest& request) const = 0;

  /// [member][lead][channel][row][column], not normalised. Throws Error.
  virtual std::vector<float> read(const LatentsRequest& request) const = 0;

  /// Whether the archive says that the model's own statistics made its latents, so that scaling
  /// them back and forth has to give the same bits.
  virtual bool is_of_model() const = 0;
};

/// By the extension of `path`. Throws Error where that is no archive of this model.
std::unique_ptr<const LatentArchive> open_latents(const std::filesystem::path& path,
                                                  const Model& model);
std::unique_ptr<const LatentArchive> open_zarr_latents(const std::filesystem::path& path,
                                                       const Model& model);
std::unique_ptr<const LatentArchive> open_npy_latents(const std::filesystem::path& path,
                                                      const Model& model);

/// The file that stands for an archive where a run records what it reads: of a Zarr store its
/// .zmetadata, with the hash of the pipeline that made the latents. The chunks, hundreds of them,
/// would fill the history of every file that is made from them.
std::filesystem::path latents_record(const std::filesystem::path& path);

}  // namespace ladcast
