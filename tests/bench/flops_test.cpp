// The formulas against the published sizes, and against a walk: the matrix products, convolutions
// and attentions that LibTorch is really asked for while a small network runs.
#include "tests/bench/flops.h"

#include <ATen/ATen.h>
#include <ATen/record_function.h>
#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <memory>
#include <string>

#include "nodes/ladcast/edm.h"
#include "tests/nodes/ladcast/random_networks.h"
#include "tests/temporary_folder.h"

namespace ladcast {
namespace {

// Of the walk in progress. An operator inside one that was counted is a part of it.
Flops walked;
int inside_counted = 0;

struct InsideCounted : at::ObserverContext {
  InsideCounted() { ++inside_counted; }
  ~InsideCounted() override { --inside_counted; }
  InsideCounted(const InsideCounted&) = delete;
  InsideCounted& operator=(const InsideCounted&) = delete;
};

double product(const at::Tensor& a, const at::Tensor& b) {
  return 2.0 * static_cast<double>(a.numel()) * static_cast<double>(b.size(-1));
}

double convolution(const at::Tensor& x, const at::Tensor& weight) {
  const auto points = (x.size(2) - weight.size(2) + 1) * (x.size(3) - weight.size(3) + 1);
  return 2.0 * static_cast<double>(x.size(0) * points) * static_cast<double>(weight.numel());
}

std::unique_ptr<at::ObserverContext> count_operator(const at::RecordFunction& function) {
  const std::string name = function.name();
  const auto tensor = [&](std::size_t i) { return function.inputs()[i].toTensor(); };
  Flops flops;
  if (name == "aten::addmm" || name == "aten::baddbmm")
    flops.linear = product(tensor(1), tensor(2));
  else if (name == "aten::mm" || name == "aten::bmm")
    flops.linear = product(tensor(0), tensor(1));
  else if (name == "aten::conv2d")
    flops.linear = convolution(tensor(0), tensor(1));
  else if (name == "aten::scaled_dot_product_attention")
    flops.attention = 4.0 * static_cast<double>(tensor(0).numel() * tensor(1).size(-2));
  else
    return nullptr;
  if (inside_counted == 0) walked += flops;
  return std::make_unique<InsideCounted>();
}

/// Counts what `work` asks for on this thread.
Flops walk(const std::function<void()>& work) {
  walked = {};
  const auto handle = at::addThreadLocalCallback(at::RecordFunctionCallback(&count_operator)
                                                     .needsInputs(true)
                                                     .scopes({at::RecordScope::FUNCTION}));
  work();
  at::removeCallback(handle);
  return walked;
}

void check_equal(const Flops& actual, const Flops& expected) {
  CHECK(actual.linear == doctest::Approx(expected.linear).epsilon(1e-12));
  CHECK(actual.attention == doctest::Approx(expected.attention).epsilon(1e-12));
}

}  // namespace

TEST_CASE("the forecaster's parts take the operations that a walk counts") {
  for (const std::int64_t patch : {1, 2}) {
    CAPTURE(patch);
    const auto forecaster = test::random_forecaster(patch);
    const auto& config = forecaster.config;
    const auto condition = at::randn({1, 3, 1, 4, 6});
    const auto noisy = at::randn({1, 3, 2, 4, 6});
    const auto time = at::full({1}, 2018010100, at::TensorOptions(at::kLong));
    const auto tokens = token_counts(config, 2, 4, 6);
    ForecastContext context;
    NoiseLevelContext level;
    const auto begin = walk([&] { context = begin_forecast(forecaster, condition, time, 2); });
    const auto at_level = walk([&] { level = at_noise_level(forecaster, context, at::ones({1})); });
    const auto executed = walk([&] { evaluate(forecaster, context, level, noisy); });
    ModuleTrace::Record record;  // with it all of the last block is computed
    const auto in_full =
        walk([&] { evaluate(forecaster, context, level, noisy, ModuleTrace(record)); });
    check_equal(begin, begin_forecast_flops(config, tokens));
    check_equal(at_level, noise_level_flops(config, tokens));
    check_equal(executed, evaluation_flops(config, tokens));
    check_equal(begin + at_level + in_full, reference_evaluation_flops(config, tokens));
    CHECK(executed.total() < in_full.total());

    const auto schedule = Schedule::karras(3, 0.002, 80.0, 7.0, 0.5);
    const auto noise = at::randn({2, 3, 2, 4, 6});
    const auto sampled =
        walk([&] { sample(forecaster, schedule, condition, noise, 2018010100, {}); });
    check_equal(sampled, sample_flops(config, tokens, 3, 2, 1));
  }
}

TEST_CASE("blocks take the operations that a walk counts") {
  const auto forecaster = test::random_forecaster(1);
  const auto tokens = token_counts(forecaster.config, 2, 4, 6);
  const auto context = begin_forecast(forecaster, at::randn({1, 3, 1, 4, 6}), {}, 2);
  const auto level = at_noise_level(forecaster, context, at::ones({1}));
  auto latent = at::randn({1, tokens.latent, 24});
  auto condition = at::randn({1, tokens.condition, 24});
  check_equal(
      walk([&] { forecaster.dual[0](latent, condition, level.dual[0], context.latent_table, {}); }),
      dual_block_flops(forecaster.config, tokens));
  check_equal(walk([&] {
                forecaster.single[0](at::cat({latent, condition}, 1), level.single[0],
                                     context.joint_table, tokens.latent, {});
              }),
              single_block_flops(forecaster.config, tokens));
}

TEST_CASE("the autoencoder takes the operations that a walk counts") {
  const auto autoencoder = test::random_autoencoder();
  const auto fields = at::randn({1, 4, 8, 12});
  const auto statics = at::randn({1, 2, 8, 12});
  at::Tensor latent;
  check_equal(walk([&] { latent = encode(autoencoder, fields, statics); }),
              {encode_flops(autoencoder.config, 8, 12, PoleRows::twice), 0});
  check_equal(walk([&] { decode(autoencoder, latent); }),
              {decode_flops(autoencoder.config, 8, 12, PoleRows::twice), 0});
}

TEST_CASE("the published networks take as many GFLOP as was counted by hand") {
  const TemporaryFolder folder;
  const auto gflop = [](double flop) { return std::round(flop / 1e8) / 10; };
  const auto config = [&](const char* name) {
    return read_forecaster_config(test::published_network(folder.path(), name));
  };
  const TokenCounts tokens{1800, 450};
  const auto small = reference_evaluation_flops(config("375M"), tokens);
  CHECK(gflop(small.linear) == 791.2);
  CHECK(gflop(small.attention) == 187.9);
  CHECK(gflop(small.total()) == 979.0);
  CHECK(gflop(reference_evaluation_flops(config("1.6B"), tokens).total()) == 4155.1);
  const auto autoencoder =
      read_autoencoder_config(test::published_network(folder.path(), "DCAE84"));
  CHECK(gflop(decode_flops(autoencoder, 120, 240, PoleRows::once)) == 781.4);
  CHECK(gflop(encode_flops(autoencoder, 120, 240, PoleRows::once)) == 695.0);
}

}  // namespace ladcast
