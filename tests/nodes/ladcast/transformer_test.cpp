#include "nodes/ladcast/transformer.h"

#include <ATen/ATen.h>
#include <doctest/doctest.h>

#include "nodes/ladcast/rotary.h"
#include "tests/nodes/error_message.h"
#include "tests/nodes/ladcast/fixtures.h"
#include "tests/nodes/ladcast/random_networks.h"

namespace ladcast {
namespace {

TEST_CASE("leaving out the dead rows of the last block changes nothing") {
  for (const std::int64_t patch : {1, 2}) {
    const auto forecaster = test::random_forecaster(patch);
    const auto context = begin_forecast(forecaster, at::randn({1, 3, 1, 4, 8}), std::nullopt, 2);
    const auto level = at_noise_level(forecaster, context, at::tensor({0.3F}));
    const auto noisy = at::randn({2, 3, 2, 4, 8});
    ModuleTrace::Record record;
    const auto whole = evaluate(forecaster, context, level, noisy, ModuleTrace(record));
    CHECK(record.contains("single_transformer_blocks.1.out1"));
    CHECK(test::relative_error(evaluate(forecaster, context, level, noisy), whole) < 1e-5);
  }
}

TEST_CASE("in bfloat16 the network stays near its float32 result") {
  auto forecaster = test::random_forecaster(2);
  const auto condition = at::randn({1, 3, 1, 4, 8});
  const auto noisy = at::randn({2, 3, 2, 4, 8});
  const auto run = [&](at::ScalarType type) {
    const auto context =
        begin_forecast(forecaster, condition.to(type), at::tensor({std::int64_t{2018010100}}), 2);
    const auto level = at_noise_level(forecaster, context, at::tensor({0.3F}));
    return evaluate(forecaster, context, level, noisy.to(type)).to(at::kFloat);
  };
  const auto exact = run(at::kFloat);
  forecaster.describe(
      [](const std::string&, const Sizes&, at::Tensor& slot) { slot = slot.to(at::kBFloat16); });
  forecaster.prepare();
  CHECK(((run(at::kBFloat16) - exact).norm() / exact.norm()).item<float>() < 2e-2F);
}

TEST_CASE("time of the year and noise level matter") {
  const auto forecaster = test::random_forecaster(2);
  const auto condition = at::randn({1, 3, 1, 4, 8});
  const auto noisy = at::randn({1, 3, 2, 4, 8});
  const auto run = [&](std::int64_t time, float level) {
    const auto context = begin_forecast(forecaster, condition, at::tensor({time}), 2);
    return evaluate(forecaster, context, at_noise_level(forecaster, context, at::tensor({level})),
                    noisy);
  };
  const auto base = run(2018010100, 0.3F);
  CHECK(test::relative_error(run(2018070100, 0.3F), base) > 1e-3);
  CHECK(test::relative_error(run(2018010100, 0.4F), base) > 1e-3);
}

/// With places for one frame of condition and two of forecast, 4 x 8 tokens each.
Forecaster with_learned_positions() {
  auto config = test::random_forecaster(1).config;
  config.learned_positions = {3, 4, 8};
  Forecaster forecaster(config);
  test::randomise(forecaster, 1);
  return forecaster;
}

at::Tensor evaluate_at(const Forecaster& forecaster, const at::Tensor& condition,
                       const at::Tensor& noisy) {
  const auto context = begin_forecast(forecaster, condition, std::nullopt, noisy.size(2));
  return evaluate(forecaster, context, at_noise_level(forecaster, context, at::tensor({0.3F})),
                  noisy);
}

TEST_CASE("where positions are learned, they alone tell tokens apart") {
  auto forecaster = with_learned_positions();
  const auto condition = at::randn({1, 3, 1, 4, 8});
  const auto noisy = at::randn({1, 3, 2, 4, 8});
  const auto turned = [&] {
    return test::relative_error(evaluate_at(forecaster, condition.roll(3, 4), noisy.roll(3, 4)),
                                evaluate_at(forecaster, condition, noisy).roll(3, 4));
  };
  CHECK(turned() > 1e-2);
  forecaster.positions.zero_();
  CHECK(turned() < 1e-5);
}

TEST_CASE("learned positions are of one number of frames") {
  const auto forecaster = with_learned_positions();
  CHECK(contains(error_of([&] {
                   begin_forecast(forecaster, at::randn({1, 3, 1, 4, 8}), std::nullopt, 4);
                 }),
                 "[3, 4, 8] tokens (frames, rows, columns), and [5, 4, 8]"));
}

TEST_CASE(
    "a patch of two points holds its values in the order channel, time, latitude, longitude") {
  PatchEmbedder embedder;
  embedder.weight = at::zeros({1, 2, 1, 2, 2});
  embedder.weight[0][1][0][1][0] = 1.0F;  // second channel, lower left point
  embedder.bias = at::zeros({1});
  const auto x = at::arange(2 * 4 * 4, at::TensorOptions(at::kFloat)).view({1, 2, 1, 4, 4});
  CHECK(at::equal(embedder(x).flatten(), at::tensor({20.F, 22.F, 28.F, 30.F})));
}

TEST_CASE("rotation keeps lengths and makes products depend on distance alone") {
  const auto forecaster = test::random_forecaster(1);
  const auto table =
      rotary_table(forecaster.config, {12, 0, 0}, {1, 6, 1, 1}, at::kCPU, at::kDouble);
  const auto ones = at::ones({12}, at::kDouble);
  const auto q =
      norm_and_rotate(at::randn({1, 1, 1, 12}, at::kDouble).expand({1, 6, 1, 12}).clone(), ones,
                      0.0, &table)[0]
          .squeeze(1);
  const auto k =
      norm_and_rotate(at::randn({1, 1, 1, 12}, at::kDouble).expand({1, 6, 1, 12}).clone(), ones,
                      0.0, &table)[0]
          .squeeze(1);
  const auto products = at::mm(q, k.t());
  CHECK(products[0][2].item<double>() == doctest::Approx(products[3][5].item<double>()));
  CHECK(products[4][1].item<double>() == doctest::Approx(products[3][0].item<double>()));
  CHECK(q[4].square().sum().item<double>() == doctest::Approx(12.0));
}

}  // namespace
}  // namespace ladcast
