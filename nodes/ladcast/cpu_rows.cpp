#include "nodes/ladcast/cpu_rows.h"

#include <ATen/ATen.h>

#include <array>
#include <cmath>

namespace ladcast {
namespace {

// Sums in 16 lanes, which the compiler can keep in vector registers; a fixed order of additions.
template <class Term>
float sum(std::int64_t count, Term term) {
  constexpr std::int64_t kLanes = 16;
  std::array<float, kLanes> lanes{};
  std::int64_t i = 0;
  for (; i + kLanes <= count; i += kLanes)
    for (std::int64_t lane = 0; lane < kLanes; ++lane)
      lanes[static_cast<std::size_t>(lane)] += term(i + lane);
  for (std::int64_t lane = 0; i < count; ++i, ++lane)
    lanes[static_cast<std::size_t>(lane)] += term(i);
  float total = 0.0F;
  for (const float lane : lanes) total += lane;
  return total;
}

float inverse_rms(const float* __restrict x, std::int64_t count, float eps) {
  const float squares = sum(count, [x](std::int64_t i) { return x[i] * x[i]; });
  return 1.0F / std::sqrt(squares / static_cast<float>(count) + eps);
}

void rms_norm_row(const float* __restrict x, const float* __restrict weight,
                  const float* __restrict bias, const float* __restrict residual,
                  std::int64_t count, float eps, float* __restrict y) {
  const float scale = inverse_rms(x, count, eps);
  if (residual == nullptr)
    for (std::int64_t i = 0; i < count; ++i) y[i] = x[i] * scale * weight[i] + bias[i];
  else
    for (std::int64_t i = 0; i < count; ++i)
      y[i] = x[i] * scale * weight[i] + bias[i] + residual[i];
}

void layer_norm_row(const float* __restrict x, const float* __restrict scale,
                    const float* __restrict shift, std::int64_t count, float eps,
                    float* __restrict y) {
  const float mean = sum(count, [x](std::int64_t i) { return x[i]; }) / static_cast<float>(count);
  const float squares =
      sum(count, [x, mean](std::int64_t i) { return (x[i] - mean) * (x[i] - mean); });
  const float inverse = 1.0F / std::sqrt(squares / static_cast<float>(count) + eps);
  for (std::int64_t i = 0; i < count; ++i) y[i] = (x[i] - mean) * inverse * scale[i] + shift[i];
}

void norm_head(float* __restrict x, const float* __restrict weight, std::int64_t count, float eps) {
  const float scale = inverse_rms(x, count, eps);
  for (std::int64_t i = 0; i < count; ++i) x[i] *= scale * weight[i];
}

void rotate_head(float* __restrict x, const float* __restrict cosine, const float* __restrict sine,
                 std::int64_t pairs) {
  for (std::int64_t i = 0; i < pairs; ++i) {
    const float first = x[2 * i];
    const float second = x[2 * i + 1];
    x[2 * i] = first * cosine[i] - second * sine[i];
    x[2 * i + 1] = second * cosine[i] + first * sine[i];
  }
}

const float* row_of(const at::Tensor& vectors, std::int64_t batch) {
  return vectors.const_data_ptr<float>() + (vectors.size(0) == 1 ? 0 : batch * vectors.stride(0));
}

}  // namespace

bool has_cpu_rows(const at::Tensor& x) {
  return x.is_cpu() && x.scalar_type() == at::kFloat && x.stride(-1) == 1 && !x.requires_grad();
}

at::Tensor cpu_rms_norm(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias,
                        double eps, const at::Tensor& residual) {
  const auto count = x.size(-1);
  const auto input = x.contiguous();
  const auto added = residual.defined() ? residual.contiguous() : residual;
  auto y = at::empty_like(input);
  const auto* from = input.const_data_ptr<float>();
  const auto* plus = added.defined() ? added.const_data_ptr<float>() : nullptr;
  auto* to = y.data_ptr<float>();
  for (std::int64_t at = 0; at < input.numel(); at += count)
    rms_norm_row(from + at, weight.const_data_ptr<float>(), bias.const_data_ptr<float>(),
                 plus == nullptr ? nullptr : plus + at, count, static_cast<float>(eps), to + at);
  return y;
}

at::Tensor cpu_modulated_layer_norm(const at::Tensor& x, const at::Tensor& scale,
                                    const at::Tensor& shift, double eps) {
  auto y = at::empty(x.sizes(), x.options());
  for (std::int64_t batch = 0; batch < x.size(0); ++batch) {
    const auto* from = x.const_data_ptr<float>() + batch * x.stride(0);
    auto* to = y.data_ptr<float>() + batch * y.stride(0);
    for (std::int64_t token = 0; token < x.size(1); ++token)
      layer_norm_row(from + token * x.stride(1), row_of(scale, batch), row_of(shift, batch),
                     x.size(2), static_cast<float>(eps), to + token * y.stride(1));
  }
  return y;
}

void cpu_norm_and_rotate(const at::Tensor& x, const at::Tensor& weight, double eps,
                         const at::Tensor& cosine, const at::Tensor& sine) {
  const auto pairs = x.size(3) / 2;
  for (std::int64_t batch = 0; batch < x.size(0); ++batch)
    for (std::int64_t token = 0; token < x.size(1); ++token)
      for (std::int64_t head = 0; head < x.size(2); ++head) {
        auto* values =
            x.data_ptr<float>() + batch * x.stride(0) + token * x.stride(1) + head * x.stride(2);
        norm_head(values, weight.const_data_ptr<float>(), x.size(3), static_cast<float>(eps));
        if (cosine.defined())
          rotate_head(values, cosine.const_data_ptr<float>() + token * pairs,
                      sine.const_data_ptr<float>() + token * pairs, pairs);
      }
}

}  // namespace ladcast
