// The blocks of the deep-compression autoencoder (Chen et al. 2024, arXiv 2410.10733) in LaDCast's
// form. All maps are [B, C, H, W]; channels-last in memory is fastest.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "nodes/ladcast/layers.h"
#include "nodes/ladcast/sphere_conv.h"
#include "nodes/ladcast/weights.h"

namespace ladcast {

/// x + norm(conv2(silu(conv1(x)))).
struct ResBlock {
  SphereConv conv1, conv2;
  RmsNorm norm;

  void describe(const Scope& scope, std::int64_t channels);
  void prepare(PoleGradients gradients = PoleGradients::full);
  void pack(std::int64_t rows, std::int64_t columns);
  at::Tensor operator()(const at::Tensor& x) const;
};

/// x + norm(to_out(attention)): ReLU linear attention over all points of the map.
///
/// There are channels / head_dim heads (rounded down), so the inner width may be less than the
/// channels. The outputs of to_q, to_k and to_v form one vector, cut into groups of 3 head_dim that
/// hold a query, a key and a value each: the names of the three say nothing about their use.
struct LinearAttention {
  struct Scale {
    SphereConv proj_in;   // depthwise
    at::Tensor proj_out;  // [3 inner, head_dim, 1, 1], in groups of head_dim
  };
  Linear to_q, to_k, to_v, to_out;
  std::vector<Scale> scales;
  RmsNorm norm;

  void describe(const Scope& scope, std::int64_t channels, std::int64_t head_dim,
                const std::vector<std::int64_t>& kernels);
  void prepare(PoleGradients gradients = PoleGradients::full);
  void pack();
  at::Tensor operator()(const at::Tensor& x) const;

 private:
  std::int64_t head_dim_ = 0;
  Linear to_qkv_;
};

/// A 1x1 convolution, computed as one matrix product over the points.
struct PointConv {
  at::Tensor weight;  // [out, in, 1, 1]
  at::Tensor bias;    // [out], or undefined

  void describe(const Scope& scope, std::int64_t in, std::int64_t out, bool with_bias = true);
  void prepare() { product_ = {weight.flatten(1), bias}; }
  void pack();
  at::Tensor operator()(const at::Tensor& x) const;

 private:
  Linear product_;
};

/// x + norm(point(a silu(b))), (a, b) = depth(silu(inverted(x))).
struct GluConv {
  PointConv inverted;  // to 8 times the channels
  SphereConv depth;    // depthwise
  PointConv point;     // from 4 times the channels
  RmsNorm norm;

  void describe(const Scope& scope, std::int64_t channels);
  void prepare(PoleGradients gradients = PoleGradients::full);
  void pack();
  at::Tensor operator()(const at::Tensor& x) const;
};

/// Attention, then the gated convolution (`EfficientViTBlock`).
struct AttentionBlock {
  LinearAttention attention;
  GluConv glu;

  void describe(const Scope& scope, std::int64_t channels, std::int64_t head_dim,
                const std::vector<std::int64_t>& kernels);
  void prepare(PoleGradients gradients = PoleGradients::full);
  void pack(std::int64_t rows, std::int64_t columns);
  at::Tensor operator()(const at::Tensor& x) const;
};

/// Halves the resolution: pixel_unshuffle(conv(x)) + group means of pixel_unshuffle(x).
struct DownBlock {
  SphereConv conv;

  void describe(const Scope& scope, std::int64_t in, std::int64_t out);
  void prepare(PoleGradients gradients = PoleGradients::full) { conv.prepare(gradients); }
  void pack(std::int64_t rows, std::int64_t columns) { conv.pack(rows, columns); }
  at::Tensor operator()(const at::Tensor& x) const;
};

/// Doubles the resolution: pixel_shuffle(conv(x)) + pixel_shuffle(repeated channels of x).
struct UpBlock {
  SphereConv conv;

  void describe(const Scope& scope, std::int64_t in, std::int64_t out);
  void prepare(PoleGradients gradients = PoleGradients::full) { conv.prepare(gradients); }
  void pack(std::int64_t rows, std::int64_t columns) { conv.pack(rows, columns); }
  at::Tensor operator()(const at::Tensor& x) const;
};

/// Means of `groups` groups of consecutive channels.
at::Tensor mean_of_channel_groups(const at::Tensor& x, std::int64_t groups);

/// The norm over the channels of a map, plus `residual` where that is defined.
at::Tensor channel_norm(const RmsNorm& norm, const at::Tensor& x, double eps,
                        const at::Tensor& residual = {});

}  // namespace ladcast
