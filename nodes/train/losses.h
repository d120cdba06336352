// What the two networks are trained to make small.
#pragma once

#include <ATen/core/Tensor.h>

#include "nodes/ladcast/dcae.h"
#include "nodes/ladcast/transformer.h"
#include "nodes/train/noise_levels.h"

namespace ladcast {

/// Mean over batch and channels of |prediction - target| / |target|, L2 norms over the points of a
/// map. Maps are [B, C, H, W]; `weights`, where defined, broadcast to that and multiply both sides
/// inside the norms. (Reference: metric/loss.py:73-105.)
at::Tensor relative_l2_loss(const at::Tensor& prediction, const at::Tensor& target,
                            const at::Tensor& weights = {});

/// Analyses as the autoencoder learns from them.
struct AutoencoderBatch {
  at::Tensor fields;   // [B, C, H, W], normalised, missing points filled
  at::Tensor statics;  // [1 or B, S, H, W], normalised; undefined where the network has none
  at::Tensor missing;  // bool [B, C, H, W]: points that do not count; undefined where none is
  at::Tensor weights;  // of points, broadcast to [B, C, H, W]; undefined for equal weights
};

/// The relative L2 loss of what the autoencoder makes of all channels, the static ones as well.
at::Tensor autoencoder_loss(const Autoencoder& autoencoder, const AutoencoderBatch& batch);

/// Latents as the forecaster learns from them.
struct ForecasterBatch {
  at::Tensor condition;   // [B, C, S, H, W], the frames up to the initial time, normalised
  at::Tensor clean;       // [B, C, T, H, W], the frames after it
  at::Tensor timestamps;  // [B] int64, YYYYMMDDHH of the last condition frame
  at::Tensor noise;       // like `clean`, standard normal
  NoiseLevels levels;     // one for each item of the batch
  at::Tensor weights;     // of points, broadcast to `clean`; undefined for equal weights
};

/// x + sigma noise.
at::Tensor noisy_latents(const ForecasterBatch& batch);

/// D = c_skip x + c_out F(c_in x, c_noise), F being the network (Karras et al. 2022, eq. 7).
at::Tensor denoised_latents(const Forecaster& forecaster, const ForecasterBatch& batch);

/// Mean of weight(sigma) |denoised - clean|^2 (Karras et al. 2022, section 5).
at::Tensor forecaster_loss(const at::Tensor& denoised, const ForecasterBatch& batch);

}  // namespace ladcast
