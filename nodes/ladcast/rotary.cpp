#include "nodes/ladcast/rotary.h"

#include <ATen/ATen.h>

#include "nodes/ladcast/cpu_rows.h"
#include "nodes/ladcast/layers.h"

namespace ladcast {
namespace {

at::Tensor line(double first, double last, std::int64_t count, at::ScalarType dtype) {
  return at::linspace(first, last, count, at::TensorOptions(dtype));
}

// [coordinates, channels / 2]
at::Tensor angles(const at::Tensor& coordinates, std::int64_t channels, double theta) {
  const auto exponents =
      at::arange(0, channels, 2, coordinates.options()) / static_cast<double>(channels);
  return at::outer(coordinates, at::reciprocal(at::pow(at::Scalar(theta), exponents)));
}

}  // namespace

RotaryTable rotary_table(const ForecasterConfig& config, const std::array<std::int64_t, 3>& axes,
                         const TokenGrid& grid, at::Device device, at::ScalarType dtype) {
  const auto wide = wide_type(dtype);
  const auto times =
      at::arange(grid.first_time, grid.first_time + grid.times, at::TensorOptions(wide));
  const auto rows = line(config.rope_start[0], config.rope_end[0], grid.rows, wide);
  const auto columns = line(config.rope_start[1], config.rope_end[1], grid.columns, wide);
  const auto spread = [&](const at::Tensor& coordinates, std::size_t axis, Sizes place) {
    place.push_back(axes[axis] / 2);
    return angles(coordinates, axes[axis], config.rope_theta)
        .view(place)
        .expand({grid.times, grid.rows, grid.columns, axes[axis] / 2});
  };
  const auto all =
      at::cat({spread(times, 0, {grid.times, 1, 1}), spread(rows, 1, {1, grid.rows, 1}),
               spread(columns, 2, {1, 1, grid.columns})},
              3)
          .flatten(0, 2)
          .mul(config.has_learned_positions() ? 0.0 : 1.0);
  return {all.cos().to(device), all.sin().to(device)};
}

at::Tensor norm_and_rotate(at::Tensor x, const at::Tensor& weight, double eps,
                           const RotaryTable* table) {
  if (has_cpu_rows(x) && !weight.requires_grad()) {
    cpu_norm_and_rotate(x, weight, eps, table != nullptr ? table->cosine : at::Tensor(),
                        table != nullptr ? table->sine : at::Tensor());
    return x;
  }
  const auto wide = x.to(wide_type(x.scalar_type()));
  const auto scale = at::rsqrt(wide.square().mean(-1, /*keepdim=*/true) + eps);
  const auto normed = (wide * scale).to(x.scalar_type()) * weight;
  if (table == nullptr) return normed;
  const auto pairs = normed.to(wide.scalar_type()).unflatten(-1, {-1, 2});
  const auto first = pairs.select(-1, 0);
  const auto second = pairs.select(-1, 1);
  const auto cosine = table->cosine.unsqueeze(1);  // [N, 1, head_dim / 2]
  const auto sine = table->sine.unsqueeze(1);
  return at::stack({first * cosine - second * sine, second * cosine + first * sine}, -1)
      .flatten(-2)
      .to(x.scalar_type());
}

}  // namespace ladcast
