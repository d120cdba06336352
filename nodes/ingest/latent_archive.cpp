#include "nodes/ingest/latent_archive.h"

#include "nodes/values/npy_latents.h"
#include "nodes/values/zarr_metadata.h"

namespace ladcast {

namespace fs = std::filesystem;

std::unique_ptr<const LatentArchive> open_latents(const fs::path& path, const Model& model) {
  return is_npy(path) ? open_npy_latents(path, model) : open_zarr_latents(path, model);
}

std::vector<fs::path> latent_files(const fs::path& path) {
  std::error_code ignored;
  if (!is_npy(path) && fs::is_directory(path, ignored)) return zarr_metadata_files(path);
  return fs::exists(path, ignored) ? std::vector{path} : std::vector<fs::path>{};
}

}  // namespace ladcast
