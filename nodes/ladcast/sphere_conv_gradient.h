// The convolution on the sphere where gradients are wanted.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace ladcast {

/// What SphereConv computes of x [B, C, H, W], as one operator with a backward pass of its own:
/// LibTorch's would copy the gradient of the whole map for each edge that padding touches.
/// `pole_weight` [2 out, …] and `pole_bias` as SphereConv::prepare() makes them; biases may be
/// undefined.
at::Tensor differentiable_sphere_conv(const at::Tensor& x, const at::Tensor& weight,
                                      const at::Tensor& bias, const at::Tensor& pole_weight,
                                      const at::Tensor& pole_bias, std::int64_t groups);

}  // namespace ladcast
