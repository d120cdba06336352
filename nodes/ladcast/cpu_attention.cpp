#include "nodes/ladcast/cpu_attention.h"

#include <ATen/ATen.h>
#include <ATen/native/CPUBlas.h>

#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <numbers>
#include <vector>

#include "nodes/ladcast/cpu_products.h"
#include "nodes/ladcast/cpu_vectors.h"

namespace ladcast {
namespace {

using Bf16 = c10::BFloat16;

constexpr std::int64_t kQueries = 64;  // of a block: scores of 2250 keys fit into the L2 cache
constexpr std::int64_t kKeyStep = 64;  // keys are padded to a multiple of it
constexpr std::int64_t kLanes = 16;    // of sums and maxima, in vector registers

/// Rows of one head: row i begins at data + i * step.
struct Rows {
  const Bf16* data;
  std::int64_t count, step;
};

/// What one thread works on.
struct Scratch {
  std::vector<Bf16> keys, values;  // packed: pairs of summands side by side, as the products want
  std::vector<float> scores;       // [kQueries, padded keys]
  std::vector<Bf16> weights;       // likewise; softmax without its denominator
  std::vector<float> sums;         // [kQueries, head_dim]
  std::array<float, kQueries> denominators;

  void fit(std::int64_t padded, std::int64_t head_dim) {
    const auto size = [](std::int64_t a, std::int64_t b) {
      return static_cast<std::size_t>(a * b);
    };
    keys.resize(size(padded, head_dim));
    values.resize(size(padded, head_dim));
    scores.resize(size(kQueries, padded));
    weights.resize(size(kQueries, padded));
    sums.resize(size(kQueries, head_dim));
  }
};

/// K^T [head_dim, padded keys]: channels 2 c and 2 c + 1 of a key side by side.
void pack_keys(Rows keys, std::int64_t padded, std::int64_t head_dim, Bf16* packed) {
  for (std::int64_t block = 0; block < padded; block += kLanes)
    for (std::int64_t c = 0; c < head_dim; c += 2)
      for (std::int64_t key = block; key < block + kLanes; ++key) {
        std::uint32_t pair = 0;
        if (key < keys.count) std::memcpy(&pair, keys.data + key * keys.step + c, sizeof pair);
        std::memcpy(packed + c * padded + 2 * key, &pair, sizeof pair);
      }
}

/// V [padded keys, head_dim]: a channel of keys 2 i and 2 i + 1 side by side.
void pack_values(Rows values, std::int64_t padded, std::int64_t head_dim, Bf16* packed) {
  const auto value = [&](std::int64_t key, std::int64_t c) {
    return key < values.count ? values.data[key * values.step + c] : Bf16();
  };
  for (std::int64_t key = 0; key < padded; key += 2)
    for (std::int64_t c = 0; c < head_dim; ++c) {
      packed[key * head_dim + 2 * c] = value(key, c);
      packed[key * head_dim + 2 * c + 1] = value(key + 1, c);
    }
}

/// 2^x for x <= 0, relative error 2e-7; 2^-126 below -126.
float power_of_two(float x) {
  constexpr float kRounds = 12582912.0F;  // 1.5 * 2^23: no bits are left behind the point
  x = x < -126.0F ? -126.0F : x;
  const float whole = (x + kRounds) - kRounds;
  const float rest = x - whole;
  // The Taylor series of 2^rest for |rest| <= 1/2.
  float power = 1.5403530e-4F;
  for (const float coefficient :
       {1.3333558e-3F, 9.6181291e-3F, 5.5504109e-2F, 0.24022651F, 0.69314718F, 1.0F})
    power = power * rest + coefficient;
  return power * std::bit_cast<float>((static_cast<std::int32_t>(whole) + 127) << 23);
}

/// weights = 2^(scale (scores - their maximum)), 0 from `count` to `padded`. Returns their sum.
float weigh(const float* __restrict scores, std::int64_t count, std::int64_t padded, float scale,
            Bf16* __restrict weights) {
  const auto whole = count / kLanes * kLanes;
  std::array<float, kLanes> tops, sums{};
  tops.fill(-std::numeric_limits<float>::infinity());
  const auto raise = [&](std::int64_t i, std::int64_t lane) {
    auto& top = tops[static_cast<std::size_t>(lane)];
    top = scores[i] > top ? scores[i] : top;
  };
  for (std::int64_t i = 0; i < whole; i += kLanes)
    for (std::int64_t lane = 0; lane < kLanes; ++lane) raise(i + lane, lane);
  for (std::int64_t i = whole; i < count; ++i) raise(i, i - whole);
  float top = tops[0];
  for (const float other : tops) top = other > top ? other : top;

  const auto add = [&](std::int64_t i, std::int64_t lane) {
    const float weight = power_of_two((scores[i] - top) * scale);
    sums[static_cast<std::size_t>(lane)] += weight;
    store(weight, weights[i]);
  };
  for (std::int64_t i = 0; i < whole; i += kLanes)
    for (std::int64_t lane = 0; lane < kLanes; ++lane) add(i + lane, lane);
  for (std::int64_t i = whole; i < count; ++i) add(i, i - whole);
  for (std::int64_t i = count; i < padded; ++i) store(0.0F, weights[i]);
  float sum = 0.0F;
  for (const float part : sums) sum += part;
  return sum;
}

void attend_head(Rows queries, Rows keys, Rows values, std::int64_t head_dim, Scratch& scratch,
                 Bf16* out, std::int64_t out_step) {
  const auto padded = (keys.count + kKeyStep - 1) / kKeyStep * kKeyStep;
  scratch.fit(padded, head_dim);
  vectorised([&] {
    pack_keys(keys, padded, head_dim, scratch.keys.data());
    pack_values(values, padded, head_dim, scratch.values.data());
  });
  const auto scale =
      static_cast<float>(std::numbers::log2e / std::sqrt(static_cast<double>(head_dim)));
  for (std::int64_t first = 0; first < queries.count; first += kQueries) {
    const auto count = std::min(kQueries, queries.count - first);
    at::native::cpublas::brgemm(count, padded, head_dim, queries.step, padded, padded, false,
                                queries.data + first * queries.step, scratch.keys.data(),
                                scratch.scores.data());
    vectorised([&] {
      for (std::int64_t i = 0; i < count; ++i)
        scratch.denominators[static_cast<std::size_t>(i)] =
            weigh(scratch.scores.data() + i * padded, keys.count, padded, scale,
                  scratch.weights.data() + i * padded);
    });
    at::native::cpublas::brgemm(count, head_dim, padded, padded, head_dim, head_dim, false,
                                scratch.weights.data(), scratch.values.data(), scratch.sums.data());
    vectorised([&] {
      for (std::int64_t i = 0; i < count; ++i) {
        const float factor = 1.0F / scratch.denominators[static_cast<std::size_t>(i)];
        Bf16* row = out + (first + i) * out_step;
        for (std::int64_t c = 0; c < head_dim; ++c)
          store(scratch.sums[static_cast<std::size_t>(i * head_dim + c)] * factor, row[c]);
      }
    });
  }
}

Rows rows_of(const at::Tensor& x, std::int64_t batch, std::int64_t head) {
  return {x.const_data_ptr<Bf16>() + batch * x.stride(0) + head * x.stride(2), x.size(1),
          x.stride(1)};
}

}  // namespace

bool has_cpu_attention(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value) {
  const auto fits = [](const at::Tensor& x) {
    return x.is_cpu() && x.scalar_type() == at::kBFloat16 && x.stride(3) == 1 && !x.requires_grad();
  };
  return multiplies_bf16() && fits(query) && fits(key) && fits(value) && query.size(3) % 2 == 0;
}

at::Tensor cpu_attention(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value) {
  const auto batches = query.size(0), heads = query.size(2), head_dim = query.size(3);
  auto out = at::empty({batches, query.size(1), heads * head_dim}, query.options());
  at::parallel_for(0, batches * heads, 1, [&](std::int64_t first, std::int64_t last) {
    thread_local Scratch scratch;
    for (auto i = first; i < last; ++i) {
      const auto batch = i / heads, head = i % heads;
      attend_head(rows_of(query, batch, head), rows_of(key, batch, head),
                  rows_of(value, batch, head), head_dim, scratch,
                  out.data_ptr<Bf16>() + batch * out.stride(0) + head * head_dim, out.stride(1));
    }
    at::native::cpublas::brgemm_release();
  });
  return out;
}

}  // namespace ladcast
