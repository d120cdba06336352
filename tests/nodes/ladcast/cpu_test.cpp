// What the CPU computes in loops and orders of its own is what LibTorch's operators compute.
#include <ATen/ATen.h>
#include <doctest/doctest.h>

#include "nodes/ladcast/cpu_attention.h"
#include "nodes/ladcast/cpu_products.h"
#include "nodes/ladcast/cpu_rows.h"
#include "nodes/ladcast/layers.h"
#include "nodes/ladcast/sphere_conv.h"
#include "tests/nodes/ladcast/random_networks.h"

namespace ladcast {
namespace {

double relative_error(const at::Tensor& x, const at::Tensor& expected) {
  const auto wide = expected.to(at::kDouble);
  return ((x.to(at::kDouble) - wide).norm() / wide.norm()).item<double>();
}

constexpr double kBf16 = 5e-3;  // 8 bits of mantissa, rounded once or twice

bool skip_without_bf16() {
  if (!multiplies_bf16()) MESSAGE("skipped: this processor does not multiply bfloat16");
  return !multiplies_bf16();
}

TEST_CASE("cpu attention: softmax(Q K^T / sqrt(d)) V, also where keys fill no block") {
  if (skip_without_bf16()) return;
  for (const auto& [queries, keys, head_dim] :
       {std::array<std::int64_t, 3>{1, 1, 2}, {5, 37, 12}, {64, 64, 32}, {130, 201, 48}}) {
    CAPTURE(keys);
    const auto packed = at::randn({2, keys, 3, 3, head_dim}).to(at::kBFloat16);
    const auto query = at::randn({2, queries, 3, head_dim}).mul(3).to(at::kBFloat16);
    const auto key = packed.select(2, 1), value = packed.select(2, 2);
    REQUIRE(has_cpu_attention(query, key, value));
    const auto heads_first = [](const at::Tensor& x) { return x.to(at::kDouble).transpose(1, 2); };
    const auto scores = at::matmul(heads_first(query), heads_first(key).transpose(2, 3)) /
                        std::sqrt(static_cast<double>(head_dim));
    const auto expected =
        at::matmul(at::softmax(scores, -1), heads_first(value)).transpose(1, 2).flatten(2);
    CHECK(relative_error(cpu_attention(query, key, value), expected) < kBf16);
  }
}

TEST_CASE("cpu attention: scores far apart neither overflow nor vanish") {
  if (skip_without_bf16()) return;
  const auto query = at::full({1, 1, 1, 2}, 100.0).to(at::kBFloat16);
  const auto key = at::tensor({1.0, 1.0, -100.0, -100.0}).view({1, 2, 1, 2}).to(at::kBFloat16);
  const auto value = at::tensor({3.0, 4.0, 5.0, 6.0}).view({1, 2, 1, 2}).to(at::kBFloat16);
  CHECK(at::equal(cpu_attention(query, key, value).flatten().to(at::kDouble),
                  at::tensor({3.0, 4.0}, at::kDouble)));
}

TEST_CASE("cpu rows: bfloat16 gives what float32 gives, rounded") {
  const auto x = at::randn({2, 7, 40}), scale = at::randn({2, 1, 40}),
             shift = at::randn({1, 1, 40});
  const auto weight = at::randn({40}), bias = at::randn({40});
  const auto narrow = [](const at::Tensor& t) { return t.to(at::kBFloat16); };
  const auto wide = [&](const at::Tensor& t) { return narrow(t).to(at::kFloat); };
  CHECK(relative_error(cpu_modulated_layer_norm(narrow(x), narrow(scale), narrow(shift), 1e-6),
                       cpu_modulated_layer_norm(wide(x), wide(scale), wide(shift), 1e-6)) < kBf16);
  CHECK(relative_error(cpu_rms_norm(narrow(x), narrow(weight), narrow(bias), 1e-6, narrow(x)),
                       cpu_rms_norm(wide(x), wide(weight), wide(bias), 1e-6, wide(x))) < kBf16);
  auto heads = narrow(x).view({2, 7, 4, 10}), same = wide(x).view({2, 7, 4, 10});
  const auto angles = at::randn({7, 5});
  const auto by = at::randn({10});
  cpu_norm_and_rotate(heads, narrow(by), 1e-6, angles.cos(), angles.sin());
  cpu_norm_and_rotate(same, wide(by), 1e-6, angles.cos(), angles.sin());
  CHECK(relative_error(heads, same) < kBf16);
}

TEST_CASE("packed weights give the same products") {
  for (const auto type : {at::kFloat, at::kBFloat16}) {
    if (type == at::kBFloat16 && skip_without_bf16()) continue;
    CAPTURE(at::toString(type));
    const double tolerance = type == at::kFloat ? 1e-6 : kBf16;
    const auto x = at::randn({3, 5, 24}).to(type), added = at::randn({3, 5, 40}).to(type);
    const Linear plain{at::randn({40, 24}).to(type), at::randn({40}).to(type)};
    Linear packed = plain;
    packed.pack();
    REQUIRE(packed.packed.defined());
    CHECK(packed.weight.is_meta());
    CHECK(relative_error(packed(x), plain(x)) < tolerance);
    CHECK(relative_error(packed(x, Activation::gelu), plain(x, Activation::gelu)) < tolerance);
    CHECK(relative_error(packed.plus(x, added), plain.plus(x, added)) < tolerance);
  }
}

TEST_CASE("packed networks give the same, on maps of the size they were packed for and others") {
  const auto plain = test::random_autoencoder();
  const auto fields = at::randn({2, 4, 8, 16}), statics = at::randn({1, 2, 8, 16});
  const auto latent = encode(plain, fields, statics);
  for (const std::int64_t scale : {1, 2}) {
    auto packed = test::random_autoencoder();
    packed.pack(8 * scale, 16 * scale);
    CHECK(relative_error(encode(packed, fields, statics), latent) < 1e-5);
    CHECK(relative_error(decode(packed, latent), decode(plain, latent)) < 1e-5);
  }
  const auto forecaster = test::random_forecaster(1);
  auto packed = test::random_forecaster(1);
  packed.pack();
  const auto condition = at::randn({1, 3, 1, 4, 6}), noisy = at::randn({2, 3, 2, 4, 6});
  const auto run = [&](const Forecaster& network) {
    const auto context =
        begin_forecast(network, condition, at::tensor({std::int64_t{2018010100}}), 2);
    return evaluate(network, context, at_noise_level(network, context, at::tensor({0.3F})), noisy);
  };
  CHECK(relative_error(run(packed), run(forecaster)) < 1e-5);
}

}  // namespace
}  // namespace ladcast
