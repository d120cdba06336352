// Scaling of latents and static fields by means and standard deviations, on tensors.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

#include "nodes/values/model.h"
#include "nodes/values/moments.h"

namespace ladcast {

/// The moments of a model's latents. Of a model that has no statistics of them yet, mean 0 and
/// deviation target_std: these leave latents as they are. Throws Error.
Moments latent_moments(const Model& model);

/// Latents of any shape with their channels on axis `axis`: (z - mean) / std * target_std, float32.
/// Throws Error if that axis does not have as many channels as the moments.
at::Tensor normalise_latent(const at::Tensor& latent, const Moments& moments, double target_std,
                            std::int64_t axis);

/// The way back: z / target_std * std + mean.
at::Tensor denormalise_latent(const at::Tensor& latent, const Moments& moments, double target_std,
                              std::int64_t axis);

/// Scaled latents for which the way back gives `latent`, bit by bit where any do, else rounded.
at::Tensor nearest_normalised(const at::Tensor& latent, const Moments& moments, double target_std,
                              std::int64_t axis);

/// Scaled latents for which the way back gives exactly `latent`, bit by bit; it has to come from
/// the way back itself. Throws Error where there are none.
at::Tensor exactly_normalised(const at::Tensor& latent, const Moments& moments, double target_std,
                              std::int64_t axis);

/// Mean and unbiased standard deviation of each of the maps [S, H, W], over all points alike.
/// Throws Error if a map is constant or has a value that is not finite.
Moments own_moments(const at::Tensor& maps);

/// The maps [S, H, W] minus their own mean, over their own standard deviation, float32: the scaling
/// of static fields over the grid that the networks see.
at::Tensor normalise_by_own_moments(const at::Tensor& maps);

}  // namespace ladcast
