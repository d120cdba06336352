#include "nodes/output/latent_writer.h"

#include "nodes/values/npy_latents.h"

namespace ladcast {

std::unique_ptr<LatentWriter> latent_writer(const std::filesystem::path& path,
                                            LatentArchiveSpec spec) {
  return is_npy(path) ? npy_latents_writer(path, std::move(spec))
                      : zarr_latents_writer(path, std::move(spec));
}

}  // namespace ladcast
