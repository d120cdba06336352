// The operations that the networks are made of, in the sizes of the largest chosen network.
#include <ATen/ATen.h>

#include "nodes/ladcast/layers.h"
#include "nodes/ladcast/precision.h"
#include "nodes/ladcast/rotary.h"
#include "nodes/ladcast/transformer_blocks.h"
#include "tests/bench/bench.h"

namespace ladcast::bench {
namespace {

constexpr double kEps = 1e-6;

/// Calls `measure` for each chosen precision with the largest network, if that has a forecaster.
template <class Measure>
void each_precision(Bench& bench, const Measure& measure) {
  const Network& network = bench.networks().front();
  if (!network.forecaster) return;
  for (const auto& precision : bench.options().precisions)
    measure(network, *network.forecaster, precision, at::TensorOptions(to_scalar_type(precision)));
}

double bytes_of(std::initializer_list<at::Tensor> tensors) {
  std::size_t bytes = 0;
  for (const auto& tensor : tensors) bytes += tensor.nbytes();
  return static_cast<double>(bytes);
}

}  // namespace

void measure_gemm(Bench& bench) {
  each_precision(bench, [&](const Network& network, const ForecasterConfig& config,
                            const std::string& precision, const at::TensorOptions& options) {
    const auto d = config.width(), mlp = config.mlp_width();
    const auto rows = bench.options().members * network.tokens().all();
    const struct {
      const char* name;
      std::int64_t out, in;
    } shapes[] = {{"qkv", 3 * d, d},
                  {"mlp", mlp, d},
                  {"proj_out", d, d + mlp},
                  {"out", d, d},
                  {"ff2", d, mlp}};
    for (const auto& shape : shapes) {
      const auto x = at::randn({rows, shape.in}, options);
      const auto weight =
          at::randn({shape.out, shape.in}, options) / std::sqrt(static_cast<double>(shape.in));
      Linear linear{weight, at::randn({shape.out}, options)};
      linear.pack();
      bench.measure(
          {.name = fmt::format("gemm {}: {} x {} x {}", shape.name, rows, shape.in, shape.out),
           .precision = precision,
           .work = [&] { return linear(x); },
           .flop = 2.0 * static_cast<double>(rows * shape.in * shape.out),
           .ceiling = gemm_ceiling(precision)});
    }
  });
}

void measure_attention(Bench& bench) {
  each_precision(bench, [&](const Network& network, const ForecasterConfig& config,
                            const std::string& precision, const at::TensorOptions& options) {
    const auto tokens = network.tokens().all();
    const auto batch = bench.options().members;
    const auto draw = [&] {
      return at::randn({batch, tokens, config.heads, config.head_dim}, options);
    };
    const Heads heads{draw(), draw(), draw()};
    bench.measure({.name = fmt::format("attention: {} heads x {}, {} tokens", config.heads,
                                       config.head_dim, tokens),
                   .precision = precision,
                   .work = [&] { return attend(heads); },
                   .flop = 4.0 * static_cast<double>(batch * tokens * tokens * config.width()),
                   .ceiling = gemm_ceiling(precision)});
  });
}

void measure_elementwise(Bench& bench) {
  each_precision(bench, [&](const Network& network, const ForecasterConfig& config,
                            const std::string& precision, const at::TensorOptions& options) {
    const auto tokens = network.tokens().all();
    const auto batch = bench.options().members;
    const auto row = [&](const char* name, double bytes, const std::function<at::Tensor()>& work) {
      bench.measure({.name = fmt::format("elementwise {}", name),
                     .precision = precision,
                     .work = work,
                     .bytes = bytes,
                     .ceiling = Ceiling::memory});
    };
    const auto x = at::randn({batch, tokens, config.width()}, options);
    const auto scale = at::randn({batch, 1, config.width()}, options);
    const auto shift = at::randn({batch, 1, config.width()}, options);
    row("modulated layer norm", 2 * bytes_of({x}),
        [&] { return modulated_layer_norm(x, scale, shift, kEps); });

    const auto heads = x.view({batch, tokens, config.heads, config.head_dim});
    const auto ones = at::ones({config.head_dim}, options);
    const TokenGrid grid{1, tokens, 1, 1};
    const auto table =
        rotary_table(config, config.rope_axes, grid, at::kCPU, options.dtype().toScalarType());
    row("norm and rotate", 2 * bytes_of({heads}) + bytes_of({table.cosine, table.sine}),
        [&] { return norm_and_rotate(heads, ones, kEps, &table); });

    const auto hidden = at::randn({batch * tokens, config.mlp_width()}, options);
    row("gelu", 2 * bytes_of({hidden}), [&] { return at::gelu(hidden, "tanh"); });

    const auto channels = network.autoencoder.encoder.front().channels;
    const auto map = at::randn({batch, network.rows, network.columns, channels}, options);
    const auto residual = at::randn_like(map);
    const RmsNorm norm{at::ones({channels}, options), at::zeros({channels}, options)};
    row("rms norm", 2 * bytes_of({map}) + bytes_of({residual}),
        [&] { return norm(map, kEps, residual); });
  });
}

void measure_convolution(Bench& bench) {
  const Network& network = bench.networks().front();
  const auto channels = network.autoencoder.encoder.front().channels;
  for (const auto& precision : bench.options().precisions) {
    const at::TensorOptions options(to_scalar_type(precision));
    const auto batch = bench.options().members;
    const auto x = at::randn({batch, channels, network.rows, network.columns}, options)
                       .contiguous(at::MemoryFormat::ChannelsLast);
    SphereConv conv;
    const VisitTensor fill = [&](const std::string&, const Sizes& shape, at::Tensor& slot) {
      slot = at::randn(shape, options) / std::sqrt(9.0 * static_cast<double>(channels));
    };
    conv.describe(Scope(fill), channels, channels, 3);
    conv.prepare();
    conv.pack(network.rows, network.columns);
    bench.measure({.name = fmt::format("convolution: {} channels, 3 x 3, {} x {}", channels,
                                       network.rows, network.columns),
                   .precision = precision,
                   .work = [&] { return conv(x); },
                   .flop = batch * sphere_conv_flops(channels, channels, 3, network.rows,
                                                     network.columns, PoleRows::twice),
                   .ceiling = gemm_ceiling(precision)});
  }
}

}  // namespace ladcast::bench
