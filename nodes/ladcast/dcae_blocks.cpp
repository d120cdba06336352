#include "nodes/ladcast/dcae_blocks.h"

#include <ATen/ATen.h>

namespace ladcast {
namespace {

constexpr double kBlockEps = 1e-5;  // ResBlock, attention
constexpr double kGluEps = 1e-7;
constexpr double kAttentionEps = 1e-15;  // of the denominator

at::Tensor points_by_channels(const at::Tensor& x) { return x.permute({0, 2, 3, 1}); }
at::Tensor maps(const at::Tensor& points) { return points.permute({0, 3, 1, 2}); }

}  // namespace

at::Tensor mean_of_channel_groups(const at::Tensor& x, std::int64_t groups) {
  return x.unflatten(1, {groups, x.size(1) / groups}).mean(2);
}

at::Tensor channel_norm(const RmsNorm& norm, const at::Tensor& x, double eps,
                        const at::Tensor& residual) {
  return maps(norm(points_by_channels(x), eps,
                   residual.defined() ? points_by_channels(residual) : at::Tensor()));
}

void ResBlock::describe(const Scope& scope, std::int64_t channels) {
  conv1.describe(scope.in("conv1"), channels, channels, 3);
  conv2.describe(scope.in("conv2"), channels, channels, 3, 1, false);
  norm.describe(scope.in("norm"), channels);
}

void ResBlock::prepare(PoleGradients gradients) {
  conv1.prepare(gradients);
  conv2.prepare(gradients);
}

void ResBlock::pack(std::int64_t rows, std::int64_t columns) {
  conv1.pack(rows, columns);
  conv2.pack(rows, columns);
}

at::Tensor ResBlock::operator()(const at::Tensor& x) const {
  return channel_norm(norm, conv2(at::silu(conv1(x))), kBlockEps, x);
}

void LinearAttention::describe(const Scope& scope, std::int64_t channels, std::int64_t head_dim,
                               const std::vector<std::int64_t>& kernels) {
  head_dim_ = head_dim;
  const auto inner = channels / head_dim * head_dim;
  to_q.describe(scope.in("to_q"), channels, inner, false);
  to_k.describe(scope.in("to_k"), channels, inner, false);
  to_v.describe(scope.in("to_v"), channels, inner, false);
  scales.resize(kernels.size());
  for (std::size_t i = 0; i < kernels.size(); ++i) {
    const auto branch = scope.in("to_qkv_multiscale", i);
    scales[i].proj_in.describe(branch.in("proj_in"), 3 * inner, 3 * inner, kernels[i], 3 * inner,
                               false);
    branch.in("proj_out").tensor("weight", {3 * inner, head_dim, 1, 1}, scales[i].proj_out);
  }
  to_out.describe(scope.in("to_out"), inner * static_cast<std::int64_t>(1 + kernels.size()),
                  channels, false);
  norm.describe(scope.in("norm_out"), channels);
}

void LinearAttention::prepare(PoleGradients gradients) {
  to_qkv_ = fuse({&to_q, &to_k, &to_v});
  for (auto& scale : scales) scale.proj_in.prepare(gradients);
}

void LinearAttention::pack() {
  to_qkv_.pack();
  to_out.pack();
  if (!to_qkv_.packed.defined()) return;
  for (auto* part : {&to_q, &to_k, &to_v}) drop_values(part->weight);
}

at::Tensor LinearAttention::operator()(const at::Tensor& x) const {
  const auto qkv = maps(to_qkv_(points_by_channels(x)));
  std::vector<at::Tensor> branches{points_by_channels(qkv)};
  for (const auto& scale : scales) {
    const auto groups = qkv.size(1) / head_dim_;
    branches.push_back(
        points_by_channels(group_conv(scale.proj_in(qkv), scale.proj_out, {}, groups)));
  }
  // [B, groups, points, 3 head_dim]
  const auto groups = at::cat(branches, 3)
                          .to(wide_type(x.scalar_type()))
                          .view({x.size(0), x.size(2) * x.size(3), -1, 3 * head_dim_})
                          .transpose(1, 2);
  const auto parts = groups.split(head_dim_, 3);
  const auto query = at::relu(parts[0]);
  const auto key = at::relu(parts[1]);
  const auto mixed = at::matmul(key.transpose(2, 3), parts[2]);
  const auto weight = at::matmul(query, key.sum(2).unsqueeze(3));
  const auto attended = at::matmul(query, mixed) / (weight + kAttentionEps);
  const auto points =
      attended.transpose(1, 2).reshape({x.size(0), x.size(2), x.size(3), -1}).to(x.scalar_type());
  return maps(norm(to_out(points), kBlockEps, points_by_channels(x)));
}

void PointConv::describe(const Scope& scope, std::int64_t in, std::int64_t out, bool with_bias) {
  scope.tensor("weight", {out, in, 1, 1}, weight);
  if (with_bias) scope.tensor("bias", {out}, bias);
}

void PointConv::pack() {
  product_.pack();
  if (product_.packed.defined()) drop_values(weight);
}

at::Tensor PointConv::operator()(const at::Tensor& x) const {
  return maps(product_(points_by_channels(x)));
}

void GluConv::describe(const Scope& scope, std::int64_t channels) {
  inverted.describe(scope.in("conv_inverted"), channels, 8 * channels);
  depth.describe(scope.in("conv_depth"), 8 * channels, 8 * channels, 3, 8 * channels);
  point.describe(scope.in("conv_point"), 4 * channels, channels, false);
  norm.describe(scope.in("norm"), channels);
}

void GluConv::prepare(PoleGradients gradients) {
  inverted.prepare();
  depth.prepare(gradients);
  point.prepare();
}

void GluConv::pack() {
  inverted.pack();
  point.pack();
}

at::Tensor GluConv::operator()(const at::Tensor& x) const {
  const auto halves = depth(at::silu(inverted(x))).chunk(2, 1);
  return channel_norm(norm, point(halves[0] * at::silu(halves[1])), kGluEps, x);
}

void AttentionBlock::describe(const Scope& scope, std::int64_t channels, std::int64_t head_dim,
                              const std::vector<std::int64_t>& kernels) {
  attention.describe(scope.in("attn"), channels, head_dim, kernels);
  glu.describe(scope.in("conv_out"), channels);
}

void AttentionBlock::prepare(PoleGradients gradients) {
  attention.prepare(gradients);
  glu.prepare(gradients);
}

void AttentionBlock::pack(std::int64_t, std::int64_t) {
  attention.pack();
  glu.pack();
}

at::Tensor AttentionBlock::operator()(const at::Tensor& x) const { return glu(attention(x)); }

void DownBlock::describe(const Scope& scope, std::int64_t in, std::int64_t out) {
  conv.describe(scope.in("conv"), in, out / 4, 3);
}

at::Tensor DownBlock::operator()(const at::Tensor& x) const {
  const auto y = at::pixel_unshuffle(conv(x), 2);
  return y + mean_of_channel_groups(at::pixel_unshuffle(x, 2), y.size(1));
}

void UpBlock::describe(const Scope& scope, std::int64_t in, std::int64_t out) {
  conv.describe(scope.in("conv"), in, 4 * out, 3);
}

at::Tensor UpBlock::operator()(const at::Tensor& x) const {
  const auto y = conv(x);
  return at::pixel_shuffle(y + x.repeat_interleave(y.size(1) / x.size(1), 1), 2);
}

}  // namespace ladcast
