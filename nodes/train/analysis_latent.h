// The latents of one analysis as the autoencoder made them.
#pragma once

#include <ATen/core/Tensor.h>

#include "nodes/values/latent.h"
#include "nodes/values/model.h"
#include "nodes/values/moments.h"

namespace ladcast {

/// Not normalised, float32 [C, H, W] on the CPU: `moments` are those with which encode scaled them.
/// Throws Error where it is not one frame of the model, or holds values that are not finite.
at::Tensor analysis_latent(const Latent& scaled, const Model& model, const Moments& moments);

}  // namespace ladcast
