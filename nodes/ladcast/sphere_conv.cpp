#include "nodes/ladcast/sphere_conv.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include "graph/error.h"
#include "nodes/ladcast/cpu_products.h"
#include "nodes/ladcast/layers.h"
#include "nodes/ladcast/sphere_conv_gradient.h"

namespace ladcast {
namespace {

// Copies rows [B, C, pad, W] at 180 degrees of longitude and mirrored into padded rows.
void cross_pole(const at::Tensor& padded_rows, const at::Tensor& rows, std::int64_t pad) {
  const auto width = rows.size(3);
  const auto half = width / 2;
  const auto mirrored = rows.flip(2);
  padded_rows.narrow(3, 0, half + pad).copy_(mirrored.narrow(3, half - pad, half + pad));
  padded_rows.narrow(3, half + pad, half + pad).copy_(mirrored.narrow(3, 0, half + pad));
}

}  // namespace

at::Tensor group_conv(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias,
                      std::int64_t groups) {
  const std::int64_t one[] = {1, 1};
  const std::int64_t none[] = {0, 0};
  return at::conv2d(x, weight, bias, one, none, one, groups);
}

at::Tensor sphere_pad(const at::Tensor& x, std::int64_t pad) {
  const auto height = x.size(2);
  const auto width = x.size(3);
  if (width % 2 != 0 || width / 2 < pad || height < pad)
    fail(
        "a map of {} x {} points cannot be continued by {} rows and columns: the width must be "
        "even, "
        "and both must be large enough",
        height, width, pad);
  auto padded = at::empty({x.size(0), x.size(1), height + 2 * pad, width + 2 * pad}, x.options(),
                          x.suggest_memory_format());
  const auto middle = padded.narrow(2, pad, height);
  middle.narrow(3, pad, width).copy_(x);
  middle.narrow(3, 0, pad).copy_(x.narrow(3, width - pad, pad));
  middle.narrow(3, pad + width, pad).copy_(x.narrow(3, 0, pad));
  cross_pole(padded.narrow(2, 0, pad), x.narrow(2, 0, pad), pad);
  cross_pole(padded.narrow(2, pad + height, pad), x.narrow(2, height - pad, pad), pad);
  return padded;
}

void SphereConv::describe(const Scope& scope, std::int64_t in, std::int64_t out,
                          std::int64_t kernel, std::int64_t groups, bool with_bias) {
  groups_ = groups;
  scope.tensor("weight", {out, in / groups, kernel, kernel}, weight);
  if (with_bias) scope.tensor("bias", {out}, bias);
}

void SphereConv::prepare(PoleGradients gradients) {
  const auto pad = weight.size(2) / 2;
  const auto plain = gradients == PoleGradients::full ? weight : weight.detach();
  const auto rest = plain.size(2) - pad;
  const auto first = at::cat({plain.narrow(2, 0, pad).flip(3), plain.narrow(2, pad, rest)}, 2);
  const auto last = at::cat({plain.narrow(2, 0, rest), plain.narrow(2, rest, pad).flip(3)}, 2);
  pole_weight_ = at::cat({first, last});
  if (bias.defined()) pole_bias_ = at::cat({bias, bias});
}

void SphereConv::pack(std::int64_t rows, std::int64_t columns) {
  if (groups_ != 1) return;
  const auto kernel = weight.size(2);
  const auto padded = columns + kernel - 1;
  packed_.all = pack_kernel(weight, rows + kernel - 1, padded);
  if (!packed_.all.defined()) return;
  const auto poles = pole_weight_.chunk(2);
  packed_.first = pack_kernel(poles[0], kernel, padded);
  packed_.last = pack_kernel(poles[1], kernel, padded);
  drop_values(weight);
  drop_values(pole_weight_);
}

at::Tensor SphereConv::operator()(const at::Tensor& x) const {
  const auto kernel = weight.size(2);
  const auto height = x.size(2);
  if (height < 3) fail("a convolution on the sphere needs at least 3 rows, not {}", height);
  if (at::GradMode::is_enabled() && (x.requires_grad() || weight.requires_grad()))
    return differentiable_sphere_conv(x, weight, bias, pole_weight_, pole_bias_, groups_);
  const auto padded = sphere_pad(x, kernel / 2);
  if (packed_.all.defined()) {
    auto y = cpu_convolution(padded, packed_.all, bias);
    y.narrow(2, 0, 1).copy_(cpu_convolution(padded.narrow(2, 0, kernel), packed_.first, bias));
    y.narrow(2, height - 1, 1)
        .copy_(cpu_convolution(padded.narrow(2, height - 1, kernel), packed_.last, bias));
    return y;
  }
  auto y = group_conv(padded, weight, bias, groups_);
  const auto edges =
      at::cat({padded.narrow(2, 0, kernel), padded.narrow(2, height - 1, kernel)}, 1);
  const auto rows = group_conv(edges, pole_weight_, pole_bias_, 2 * groups_).chunk(2, 1);
  y.narrow(2, 0, 1).copy_(rows[0]);
  y.narrow(2, height - 1, 1).copy_(rows[1]);
  return y;
}

}  // namespace ladcast
