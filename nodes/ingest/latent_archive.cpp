#include "nodes/ingest/latent_archive.h"

#include "nodes/values/npy_latents.h"

namespace ladcast {

namespace fs = std::filesystem;

std::unique_ptr<const LatentArchive> open_latents(const fs::path& path, const Model& model) {
  return is_npy(path) ? open_npy_latents(path, model) : open_zarr_latents(path, model);
}

fs::path latents_record(const fs::path& path) { return is_npy(path) ? path : path / ".zmetadata"; }

}  // namespace ladcast
