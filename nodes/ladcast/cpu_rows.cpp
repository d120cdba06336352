#include "nodes/ladcast/cpu_rows.h"

#include <ATen/ATen.h>

#include <array>
#include <cmath>

#include "nodes/ladcast/cpu_vectors.h"

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

template <class T>
float inverse_rms(const T* __restrict x, std::int64_t count, float eps) {
  const float squares = sum(count, [x](std::int64_t i) { return as_float(x[i]) * as_float(x[i]); });
  return 1.0F / std::sqrt(squares / static_cast<float>(count) + eps);
}

template <class T>
void rms_norm_row(const T* __restrict x, const T* __restrict weight, const T* __restrict bias,
                  const T* __restrict residual, std::int64_t count, float eps, T* __restrict y) {
  const float scale = inverse_rms(x, count, eps);
  if (residual == nullptr)
    for (std::int64_t i = 0; i < count; ++i)
      store(as_float(x[i]) * scale * as_float(weight[i]) + as_float(bias[i]), y[i]);
  else
    for (std::int64_t i = 0; i < count; ++i)
      store(
          as_float(x[i]) * scale * as_float(weight[i]) + as_float(bias[i]) + as_float(residual[i]),
          y[i]);
}

template <class T>
void layer_norm_row(const T* __restrict x, const T* __restrict scale, const T* __restrict shift,
                    std::int64_t count, float eps, T* __restrict y) {
  const float mean =
      sum(count, [x](std::int64_t i) { return as_float(x[i]); }) / static_cast<float>(count);
  const float squares = sum(count, [x, mean](std::int64_t i) {
    return (as_float(x[i]) - mean) * (as_float(x[i]) - mean);
  });
  const float inverse = 1.0F / std::sqrt(squares / static_cast<float>(count) + eps);
  for (std::int64_t i = 0; i < count; ++i)
    store((as_float(x[i]) - mean) * inverse * as_float(scale[i]) + as_float(shift[i]), y[i]);
}

template <class T>
void norm_head(T* __restrict x, const T* __restrict weight, std::int64_t count, float eps) {
  const float scale = inverse_rms(x, count, eps);
  for (std::int64_t i = 0; i < count; ++i)
    store(as_float(x[i]) * scale * as_float(weight[i]), x[i]);
}

template <class T>
void norm_and_rotate_head(T* __restrict x, const T* __restrict weight,
                          const float* __restrict cosine, const float* __restrict sine,
                          std::int64_t pairs, float eps) {
  const float scale = inverse_rms(x, 2 * pairs, eps);
  for (std::int64_t i = 0; i < pairs; ++i) {
    const float first = as_float(x[2 * i]) * scale * as_float(weight[2 * i]);
    const float second = as_float(x[2 * i + 1]) * scale * as_float(weight[2 * i + 1]);
    store(first * cosine[i] - second * sine[i], x[2 * i]);
    store(second * cosine[i] + first * sine[i], x[2 * i + 1]);
  }
}

/// Row `batch` of vectors [1 or B, 1, D].
template <class T>
const T* row_of(const at::Tensor& vectors, std::int64_t batch) {
  return vectors.const_data_ptr<T>() + (vectors.size(0) == 1 ? 0 : batch * vectors.stride(0));
}

template <class T>
void rms_norm(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias, float eps,
              const at::Tensor& residual, const at::Tensor& y) {
  const auto count = x.size(-1);
  const auto* from = x.const_data_ptr<T>();
  const auto* plus = residual.defined() ? residual.const_data_ptr<T>() : nullptr;
  const auto* by = weight.const_data_ptr<T>();
  const auto* and_then = bias.const_data_ptr<T>();
  auto* to = y.data_ptr<T>();
  for_each_row(x.numel() / count, count, [=](std::int64_t first, std::int64_t last) {
    for (auto at = first * count; at < last * count; at += count)
      rms_norm_row(from + at, by, and_then, plus == nullptr ? nullptr : plus + at, count, eps,
                   to + at);
  });
}

template <class T>
void modulated_layer_norm(const at::Tensor& x, const at::Tensor& scale, const at::Tensor& shift,
                          float eps, const at::Tensor& y) {
  const auto tokens = x.size(1), count = x.size(2), step = x.stride(1);
  for (std::int64_t batch = 0; batch < x.size(0); ++batch) {
    const auto* from = x.const_data_ptr<T>() + batch * x.stride(0);
    const auto* by = row_of<T>(scale, batch);
    const auto* plus = row_of<T>(shift, batch);
    auto* to = y.data_ptr<T>() + batch * y.stride(0);
    for_each_row(tokens, count, [=](std::int64_t first, std::int64_t last) {
      for (auto token = first; token < last; ++token)
        layer_norm_row(from + token * step, by, plus, count, eps, to + token * count);
    });
  }
}

template <class T>
void norm_and_rotate_heads(const at::Tensor& x, const at::Tensor& weight, float eps,
                           const at::Tensor& cosine, const at::Tensor& sine) {
  const auto heads = x.size(2), count = x.size(3), step = x.stride(1), head_step = x.stride(2);
  const auto* by = weight.const_data_ptr<T>();
  const auto* cosines = cosine.defined() ? cosine.const_data_ptr<float>() : nullptr;
  const auto* sines = sine.defined() ? sine.const_data_ptr<float>() : nullptr;
  for (std::int64_t batch = 0; batch < x.size(0); ++batch) {
    auto* tokens = x.data_ptr<T>() + batch * x.stride(0);
    for_each_row(x.size(1), heads * count, [=](std::int64_t first, std::int64_t last) {
      for (auto token = first; token < last; ++token)
        for (std::int64_t head = 0; head < heads; ++head) {
          auto* values = tokens + token * step + head * head_step;
          if (cosines == nullptr)
            norm_head(values, by, count, eps);
          else
            norm_and_rotate_head(values, by, cosines + token * count / 2, sines + token * count / 2,
                                 count / 2, eps);
        }
    });
  }
}

/// work(a value of the type of the tensors' values).
template <class Work>
void for_type_of(const at::Tensor& x, const Work& work) {
  if (x.scalar_type() == at::kBFloat16)
    work(c10::BFloat16());
  else
    work(0.0F);
}

}  // namespace

bool has_cpu_rows(const at::Tensor& x) {
  return x.is_cpu() && (x.scalar_type() == at::kFloat || x.scalar_type() == at::kBFloat16) &&
         x.stride(-1) == 1 && !x.requires_grad();
}

at::Tensor cpu_rms_norm(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias,
                        double eps, const at::Tensor& residual) {
  const auto input = x.contiguous();
  const auto added = residual.defined() ? residual.contiguous() : residual;
  auto y = at::empty_like(input);
  for_type_of(x, [&](auto type) {
    rms_norm<decltype(type)>(input, weight, bias, static_cast<float>(eps), added, y);
  });
  return y;
}

at::Tensor cpu_modulated_layer_norm(const at::Tensor& x, const at::Tensor& scale,
                                    const at::Tensor& shift, double eps) {
  auto y = at::empty(x.sizes(), x.options());
  for_type_of(x, [&](auto type) {
    modulated_layer_norm<decltype(type)>(x, scale, shift, static_cast<float>(eps), y);
  });
  return y;
}

void cpu_norm_and_rotate(const at::Tensor& x, const at::Tensor& weight, double eps,
                         const at::Tensor& cosine, const at::Tensor& sine) {
  for_type_of(x, [&](auto type) {
    norm_and_rotate_heads<decltype(type)>(x, weight, static_cast<float>(eps), cosine, sine);
  });
}

}  // namespace ladcast
