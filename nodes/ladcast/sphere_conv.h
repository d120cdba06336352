// Convolution on the sphere: periodic in longitude, continued across the poles.
//
// Rows beyond a pole are the rows before it, mirrored and turned by half a circle. There the east
// of a neighbour lies to the west, so for the first output row the kernel rows that fall beyond the
// pole are flipped left to right, and for the last output row likewise. All other rows, also a
// second row that touches padding, use the kernel as it is. (Reference: sphere_conv.py:62-129.)
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

#include "nodes/ladcast/weights.h"

namespace ladcast {

/// x [B, C, H, W] to [B, C, H + 2 pad, W + 2 pad]; W even, W / 2 >= pad, H >= pad.
at::Tensor sphere_pad(const at::Tensor& x, std::int64_t pad);

/// A plain convolution of stride 1 without padding; the bias may be undefined.
at::Tensor group_conv(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias,
                      std::int64_t groups);

/// Whether the first and the last output row tell a convolution's weights how to learn. In the
/// reference they do not: its flipped kernels are cut off from the gradient.
enum class PoleGradients { full, none };

/// Stride 1, odd square kernel, output of the size of the input.
struct SphereConv {
  at::Tensor weight;  // [out, in / groups, k, k]
  at::Tensor bias;    // [out], or undefined

  void describe(const Scope& scope, std::int64_t in, std::int64_t out, std::int64_t kernel,
                std::int64_t groups = 1, bool with_bias = true);

  /// Makes the flipped kernels from `weight`. Call it once after loading, and again when the
  /// weights have changed.
  void prepare(PoleGradients gradients = PoleGradients::full);

  /// Puts the kernels into the order in which the CPU convolves fastest, where there is one. After
  /// prepare(); for computing alone. Rows and columns are those of its maps.
  void pack(std::int64_t rows, std::int64_t columns);

  /// x [B, C, H, W] with H >= 3 and W even. Requires prepare().
  at::Tensor operator()(const at::Tensor& x) const;

 private:
  std::int64_t groups_ = 1;
  at::Tensor
      pole_weight_;       // kernels of the first row, then of the last: [2 out, in / groups, k, k]
  at::Tensor pole_bias_;  // [2 out], or undefined
  struct {
    at::Tensor all, first, last;  // for all rows, the first one, the last one
  } packed_;
};

}  // namespace ladcast
