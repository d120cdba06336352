// The reference's initial noise, to compare forecasts with it number by number.
#pragma once

#include <ATen/core/Tensor.h>

namespace ladcast {

/// Standard normal float32 of `torch.randn` with a CPU generator of this seed (mt19937), row-major.
/// From 16 values on Box-Muller works on blocks of 16 uniforms; a count that is no multiple of 16
/// draws its last 16 values anew; below 16 values pairs of float64 uniforms are used. The reference
/// takes seed 0 for its first member, 1 for the second, and the same again in each rollout step.
at::Tensor upstream_noise(int seed, at::IntArrayRef shape);

}  // namespace ladcast
