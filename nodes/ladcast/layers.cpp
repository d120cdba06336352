#include "nodes/ladcast/layers.h"

#include <ATen/ATen.h>

#include "nodes/ladcast/cpu_rows.h"

namespace ladcast {

void Linear::describe(const Scope& scope, std::int64_t in, std::int64_t out, bool with_bias) {
  scope.tensor("weight", {out, in}, weight);
  if (with_bias) scope.tensor("bias", {out}, bias);
}

void Linear::pack() {
  packed = pack_weight(weight);
  if (packed.defined()) drop_values(weight);
}

at::Tensor Linear::operator()(const at::Tensor& x, Activation activation) const {
  auto shape = x.sizes().vec();
  shape.back() = weight.size(0);
  const auto rows = x.reshape({-1, weight.size(1)});
  if (packed.defined()) return cpu_linear(rows, packed, bias, activation).view(shape);
  const auto y = bias.defined() ? at::addmm(bias, rows, weight.t()) : at::mm(rows, weight.t());
  return (activation == Activation::gelu ? at::gelu(y, "tanh") : y).view(shape);
}

at::Tensor Linear::plus(const at::Tensor& x, const at::Tensor& added) const {
  const auto rows = x.reshape({-1, weight.size(1)});
  const auto sums = added.reshape({-1, weight.size(0)});
  return (packed.defined() ? cpu_linear_plus(rows, packed, sums)
                           : at::addmm(sums, rows, weight.t()))
      .view(added.sizes());
}

void drop_values(at::Tensor& weight) {
  weight = at::empty(weight.sizes(), weight.options().device(at::kMeta));
}

Linear fuse(std::initializer_list<Linear*> parts) {
  std::vector<at::Tensor> weights;
  std::vector<at::Tensor> biases;
  bool learns = false;
  for (const auto* part : parts) {
    weights.push_back(part->weight);
    if (part->bias.defined()) biases.push_back(part->bias);
    learns = learns || part->weight.requires_grad();
  }
  Linear fused{at::cat(weights), biases.empty() ? at::Tensor() : at::cat(biases)};
  std::int64_t row = 0;
  for (auto* part : parts) {
    if (learns) break;
    const auto rows = part->weight.size(0);
    part->weight = fused.weight.narrow(0, row, rows);
    if (part->bias.defined()) part->bias = fused.bias.narrow(0, row, rows);
    row += rows;
  }
  return fused;
}

void RmsNorm::describe(const Scope& scope, std::int64_t channels) {
  scope.tensor("weight", {channels}, weight);
  scope.tensor("bias", {channels}, bias);
}

at::Tensor RmsNorm::operator()(const at::Tensor& x, double eps, const at::Tensor& residual) const {
  if (has_cpu_rows(x) && !weight.requires_grad())
    return cpu_rms_norm(x, weight, bias, eps, residual);
  const auto wide = x.to(wide_type(x.scalar_type()));
  const auto scale = at::rsqrt(wide.square().mean(-1, /*keepdim=*/true) + eps);
  const auto y = at::addcmul(bias, (wide * scale).to(x.scalar_type()), weight);
  return residual.defined() ? y + residual : y;
}

at::Tensor modulated_layer_norm(const at::Tensor& x, const at::Tensor& scale_plus_one,
                                const at::Tensor& shift, double eps) {
  if (has_cpu_rows(x) && has_cpu_rows(scale_plus_one) && has_cpu_rows(shift))
    return cpu_modulated_layer_norm(x, scale_plus_one, shift, eps);
  const auto normed = at::layer_norm(x, {x.size(-1)}, {}, {}, eps);
  return at::addcmul(shift, normed, scale_plus_one);
}

at::ScalarType wide_type(at::ScalarType type) {
  return type == at::kDouble ? at::kDouble : at::kFloat;
}

}  // namespace ladcast
