// Products and convolutions with weights on the CPU by oneDNN, which LibTorch brings: faster than
// its BLAS, with what follows (a bias, GELU, a sum) in the same pass, and weights in an order of
// their own, made once.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace ladcast {

/// Whether the processor multiplies bfloat16 faster than float32 (AVX512-BF16 or AMX).
bool multiplies_bf16();

/// `weight` [out, in] in oneDNN's order, for the functions below alone. Undefined where that does
/// not apply: only float32 on the CPU, or bfloat16 where multiplies_bf16().
at::Tensor pack_weight(const at::Tensor& weight);

/// Likewise `kernel` [out, in, k, k], for maps of this size: others are convolved as well, but the
/// order is then made anew each time.
at::Tensor pack_kernel(const at::Tensor& kernel, std::int64_t rows, std::int64_t columns);

enum class Activation { none, gelu };  // gelu: its tanh form

/// activation(x W^T + bias) for x [rows, in], `packed` of pack_weight(); the bias may be undefined.
at::Tensor cpu_linear(const at::Tensor& x, const at::Tensor& packed, const at::Tensor& bias,
                      Activation activation);

/// x W^T + added.
at::Tensor cpu_linear_plus(const at::Tensor& x, const at::Tensor& packed, const at::Tensor& added);

/// The convolution of x [B, C, H, W], channels last in memory, of stride 1 without padding;
/// `packed` of pack_kernel().
at::Tensor cpu_convolution(const at::Tensor& x, const at::Tensor& packed, const at::Tensor& bias);

}  // namespace ladcast
