// Norms of rows on the CPU, float32 or bfloat16 with float32 inside: one pass over memory where
// LibTorch's operators take several. Each is the twin of an expression of LibTorch's operators,
// which serves other devices and types.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace ladcast {

/// Whether the loops below apply to `x`: float32 or bfloat16 on the CPU, rows contiguous, no
/// gradient wanted. All other tensors then have the type of x, but for cosines and sines: float32.
bool has_cpu_rows(const at::Tensor& x);

/// y = x / sqrt(mean(x^2) + eps) * weight + bias + residual for rows x [..., C]; weight and bias
/// [C]; the residual, where defined, has the shape of x.
at::Tensor cpu_rms_norm(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias,
                        double eps, const at::Tensor& residual);

/// y = (x - mean) / sqrt(variance + eps) * scale + shift for rows of x [B, N, D]; scale and shift
/// [1 or B, 1, D].
at::Tensor cpu_modulated_layer_norm(const at::Tensor& x, const at::Tensor& scale,
                                    const at::Tensor& shift, double eps);

/// In place on x [B, N, heads, head_dim]: x / sqrt(mean(x^2) + eps) * weight, then each pair of
/// neighbouring channels is turned by the angle of its token; cosine and sine [N, head_dim / 2], or
/// both undefined.
void cpu_norm_and_rotate(const at::Tensor& x, const at::Tensor& weight, double eps,
                         const at::Tensor& cosine, const at::Tensor& sine);

}  // namespace ladcast
