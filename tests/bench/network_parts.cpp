// The networks as the nodes run them: blocks, one evaluation, a step of the rollout, frames.
#include <ATen/ATen.h>

#include <algorithm>

#include "nodes/ladcast/precision.h"
#include "tests/bench/bench.h"
#include "tests/nodes/ladcast/random_networks.h"

namespace ladcast::bench {
namespace {

constexpr std::int64_t kTime = 2018010100;
constexpr float kLevel = 0.3F;  // c_noise

/// Calls `measure` for each chosen network with each precision.
template <class Measure>
void each_network(Bench& bench, const Measure& measure) {
  for (const Network& network : bench.networks())
    for (const auto& precision : bench.options().precisions)
      measure(network, precision, to_scalar_type(precision));
}

at::Tensor latents(const Bench& bench, const Network& network, std::int64_t frames,
                   at::ScalarType dtype) {
  return at::randn({bench.options().members, network.forecaster->in_channels, frames,
                    network.latent_rows(), network.latent_columns()},
                   at::TensorOptions(dtype));
}

/// A forecaster before its first evaluation.
struct Begun {
  Forecaster forecaster;
  ForecastContext context;
  NoiseLevelContext level;

  Begun(const Bench& bench, const Network& network, Forecaster made, at::ScalarType dtype)
      : forecaster(std::move(made)),
        context(begin_forecast(forecaster, latents(bench, network, 1, dtype),
                               at::full({1}, kTime, at::TensorOptions(at::kLong)), network.frames)),
        level(at_noise_level(forecaster, context, at::full({1}, kLevel))) {}
};

Forecaster one_block_of_each(const ForecasterConfig& like, at::ScalarType dtype) {
  auto config = like;
  config.dual_layers = config.single_layers = config.refiner_layers = 1;
  Forecaster made(config);
  test::randomise(made, 1);
  convert(made, dtype);
  made.pack();
  return made;
}

void measure_frame(Bench& bench, const std::string& part,
                   double (*flops)(const AutoencoderConfig&, std::int64_t, std::int64_t,
                                   PoleRows)) {
  each_network(bench, [&](const Network& network, const std::string& precision,
                          at::ScalarType dtype) {
    const auto& config = network.autoencoder;
    const auto autoencoder = network.make_autoencoder(dtype);
    const auto batch = bench.options().members;
    const at::TensorOptions options(dtype);
    const auto fields =
        at::randn({batch, config.dynamic_channels(), network.rows, network.columns}, options);
    const auto statics =
        at::randn({1, config.static_channels, network.rows, network.columns}, options);
    const auto latent = at::randn(
        {batch, config.latent_channels, network.latent_rows(), network.latent_columns()}, options);
    const bool encodes = part == "encode";
    bench.measure(
        {.name = fmt::format("{} {}", part, network.is_random() ? "DCAE84" : network.name),
         .precision = precision,
         .work =
             [&] {
               return encodes ? encode(autoencoder, fields, statics) : decode(autoencoder, latent);
             },
         .flop = batch * flops(config, network.rows, network.columns, PoleRows::twice),
         .ceiling = gemm_ceiling(precision)});
  });
}

}  // namespace

void measure_block(Bench& bench) {
  const Network& network = bench.networks().front();
  if (!network.forecaster) return;
  for (const auto& precision : bench.options().precisions) {
    const auto dtype = to_scalar_type(precision);
    const Begun begun(bench, network, one_block_of_each(*network.forecaster, dtype), dtype);
    const auto& config = begun.forecaster.config;
    const auto tokens = network.tokens();
    const auto batch = bench.options().members;
    const auto x = at::randn({batch, tokens.all(), config.width()}, at::TensorOptions(dtype));
    const auto row = [&](const char* kind, const Flops& flops, auto&& work) {
      bench.measure({.name = fmt::format("block {}, {}", kind, network.name),
                     .precision = precision,
                     .work = work,
                     .flop = batch * flops.total(),
                     .ceiling = gemm_ceiling(precision)});
    };
    row("single", single_block_flops(config, tokens), [&] {
      return begun.forecaster.single[0](x, begun.level.single[0], begun.context.joint_table,
                                        tokens.latent, {});
    });
    row("dual", dual_block_flops(config, tokens), [&] {
      auto latent = x.narrow(1, 0, tokens.latent);
      auto condition = x.narrow(1, tokens.latent, tokens.condition);
      begun.forecaster.dual[0](latent, condition, begun.level.dual[0], begun.context.latent_table,
                               {});
      return latent;
    });
  }
}

void measure_evaluation(Bench& bench) {
  each_network(
      bench, [&](const Network& network, const std::string& precision, at::ScalarType dtype) {
        if (!network.forecaster) return;
        const Begun begun(bench, network, network.make_forecaster(dtype), dtype);
        const auto noisy = latents(bench, network, network.frames, dtype);
        const auto flops = evaluation_flops(*network.forecaster, network.tokens());
        bench.measure(
            {.name = fmt::format("evaluation {}", network.name),
             .precision = precision,
             .work = [&] { return evaluate(begun.forecaster, begun.context, begun.level, noisy); },
             .flop = bench.options().members * flops.total(),
             .ceiling = gemm_ceiling(precision)});
      });
}

void measure_step(Bench& bench) {
  const Options& options = bench.options();
  const bool with_large = !options.published.empty() && !options.only.empty();
  each_network(bench, [&](const Network& network, const std::string& precision,
                          at::ScalarType dtype) {
    if (!network.forecaster || (network.is_random() && !with_large)) return;
    const auto forecaster = network.make_forecaster(dtype);
    const auto condition = latents(bench, network, 1, at::kFloat);
    const auto noise = latents(bench, network, network.frames, at::kFloat);
    const auto steps = static_cast<int>(network.schedule.steps());
    const auto flops = sample_flops(*network.forecaster, network.tokens(), steps, options.members,
                                    options.members);
    bench.measure(
        {.name = fmt::format("step {}, {} solver steps", network.name, steps),
         .precision = precision,
         .work = [&] { return sample(forecaster, network.schedule, condition, noise, kTime, {}); },
         .flop = flops.total(),
         .ceiling = gemm_ceiling(precision)});
  });
}

void measure_encode(Bench& bench) { measure_frame(bench, "encode", encode_flops); }
void measure_decode(Bench& bench) { measure_frame(bench, "decode", decode_flops); }

}  // namespace ladcast::bench
