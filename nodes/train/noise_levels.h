// The noise that the forecaster is trained to take away (Karras et al. 2022, arXiv 2206.00364).
#pragma once

#include <ATen/core/Tensor.h>

#include "nodes/values/model.h"

namespace ladcast {

/// Noise levels and what follows from them, each [B] float32.
struct NoiseLevels {
  at::Tensor sigma;
  at::Tensor c_in, c_skip, c_out, c_noise;  // as in Schedule
  at::Tensor weight;                        // of the loss: (sigma^2 + data^2) / (sigma data)^2
};

/// ln(sigma) ~ N(mean, deviation^2).
struct NoiseDistribution {
  double mean = -1.2;
  double deviation = 1.2;
  /// How many noise levels there are, a Karras schedule from the sampler's largest to its smallest;
  /// a level that is drawn becomes the nearest of these, as in the reference. 0: it stays.
  int snapped_to = 1000;
};

/// The levels that standard normal numbers [B] stand for.
NoiseLevels noise_levels(const at::Tensor& normals, const NoiseDistribution& distribution,
                         const Sampler& sampler);

}  // namespace ladcast
