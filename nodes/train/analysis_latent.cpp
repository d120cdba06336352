#include "nodes/train/analysis_latent.h"

#include <ATen/ATen.h>

#include "graph/error.h"
#include "nodes/ladcast/statistics.h"

namespace ladcast {

at::Tensor analysis_latent(const Latent& scaled, const Model& model, const Moments& moments) {
  const LatentShape& l = model.latent;
  const std::vector<std::int64_t> frame = {1, l.channels, 1, l.rows, l.columns};
  if (scaled.values.sizes() != at::IntArrayRef(frame))
    fail("latents of [{}] are not those of one analysis of the model '{}', [{}]",
         fmt::join(scaled.values.sizes().vec(), ", "), model.name, fmt::join(frame, ", "));
  const auto z = denormalise_latent(scaled.values.cpu(), moments, model.target_std, 1)
                     .squeeze(2)
                     .squeeze(0)
                     .contiguous();
  if (const auto bad = z.numel() - z.isfinite().sum().item<std::int64_t>(); bad > 0)
    fail("{} of {} latents of the analysis of {} are not finite", bad, z.numel(),
         short_time(scaled.init));
  return z;
}

}  // namespace ladcast
