// The small layers that both networks are made of.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

#include "nodes/ladcast/cpu_products.h"
#include "nodes/ladcast/weights.h"

namespace ladcast {

/// y = x W^T + b over the last axis.
struct Linear {
  at::Tensor weight;       // [out, in]; once packed, its shape and type alone
  at::Tensor bias;         // [out], or undefined
  at::Tensor packed = {};  // of pack()

  void describe(const Scope& scope, std::int64_t in, std::int64_t out, bool with_bias = true);
  /// Puts the weight into the order that the CPU multiplies fastest, where there is one. For
  /// computing alone: it can then be neither read nor learned.
  void pack();
  at::Tensor operator()(const at::Tensor& x, Activation activation = Activation::none) const;
  /// x W^T + added; the bias is left out.
  at::Tensor plus(const at::Tensor& x, const at::Tensor& added) const;
};

/// One Linear whose outputs are those of `parts`, one after another; the parts become views of it,
/// so the weights exist once. Where a part requires a gradient the parts stay as they are.
Linear fuse(std::initializer_list<Linear*> parts);

/// Lets go of a weight's values and keeps its shape and type.
void drop_values(at::Tensor& weight);

/// x / sqrt(mean(x^2) + eps) * weight + bias over the last axis: no mean is subtracted.
struct RmsNorm {
  at::Tensor weight;  // [channels]
  at::Tensor bias;    // [channels]

  void describe(const Scope& scope, std::int64_t channels);
  /// The norm plus `residual`, where that is defined. float32 inside for narrower types.
  at::Tensor operator()(const at::Tensor& x, double eps, const at::Tensor& residual = {}) const;
};

/// LayerNorm over the last axis without parameters, times `scale_plus_one` plus `shift`, which
/// broadcast: x [B, N, D], the others [1 or B, 1, D].
at::Tensor modulated_layer_norm(const at::Tensor& x, const at::Tensor& scale_plus_one,
                                const at::Tensor& shift, double eps);

/// float64 for float64, float32 for everything else: the type of sums and of time and position
/// features.
at::ScalarType wide_type(at::ScalarType type);

}  // namespace ladcast
