#include "nodes/ladcast/dcae.h"

#include <ATen/ATen.h>

#include "graph/error.h"
#include "nodes/ladcast/recompute.h"

namespace ladcast {
namespace {

constexpr double kNormOutEps = 1e-7;

template <class Block>
Block same_resolution(const StageConfig& stage) {
  return stage.attention ? Block(AttentionBlock{}) : Block(ResBlock{});
}

template <class Blocks>
void prepare_blocks(Blocks& blocks, PoleGradients gradients) {
  for (auto& block : blocks) std::visit([&](auto& b) { b.prepare(gradients); }, block);
}

template <class Block>
at::Tensor run_block(const Block& block, const at::Tensor& x, bool again_in_backward) {
  const auto run = [&block](const at::Tensor& in) {
    return std::visit([&in](const auto& b) { return b(in); }, block);
  };
  if (!again_in_backward || !x.requires_grad()) return run(x);
  return recomputed({x}, [run](const Tensors& inputs) { return Tensors{run(inputs[0])}; })[0];
}

template <class Block>
void describe_same(Block& block, const Scope& scope, const StageConfig& stage,
                   std::int64_t head_dim) {
  if (auto* attention = std::get_if<AttentionBlock>(&block)) {
    attention->describe(scope, stage.channels, head_dim, stage.kernels);
  } else {
    std::get<ResBlock>(block).describe(scope, stage.channels);
  }
}

void check_latent(const Autoencoder& autoencoder, const at::Tensor& latent) {
  if (latent.dim() != 4 || latent.size(1) != autoencoder.config.latent_channels)
    fail("decode: the latent has shape [{}], expected [batch, {}, rows, columns]",
         fmt::join(latent.sizes().vec(), ", "), autoencoder.config.latent_channels);
}

void check_fields(const Autoencoder& autoencoder, const at::Tensor& dynamic,
                  const at::Tensor& statics) {
  const auto& config = autoencoder.config;
  const auto factor = config.compression();
  if (dynamic.dim() != 4 || dynamic.size(1) != config.dynamic_channels() ||
      dynamic.size(2) % factor != 0 || dynamic.size(3) % factor != 0)
    fail(
        "encode: the fields have shape [{}], expected [batch, {}, rows, columns] with rows and "
        "columns "
        "divisible by {}",
        fmt::join(dynamic.sizes().vec(), ", "), config.dynamic_channels(), factor);
  if (config.static_channels == 0 && !statics.defined()) return;
  if (statics.dim() != 4 || statics.size(1) != config.static_channels ||
      (statics.size(0) != 1 && statics.size(0) != dynamic.size(0)) ||
      statics.size(2) != dynamic.size(2) || statics.size(3) != dynamic.size(3))
    fail("encode: the static fields have shape [{}], expected [1 or {}, {}, {}, {}]",
         fmt::join(statics.sizes().vec(), ", "), dynamic.size(0), config.static_channels,
         dynamic.size(2), dynamic.size(3));
}

}  // namespace

Autoencoder::Autoencoder(AutoencoderConfig configuration) : config(std::move(configuration)) {
  const auto stages = config.encoder.size();
  for (std::size_t i = 0; i < stages; ++i) {
    const auto& down = config.encoder[i];
    for (std::int64_t layer = 0; layer < down.layers; ++layer)
      encoder.down_blocks.push_back(same_resolution<EncoderBlock>(down));
    if (i + 1 < stages) encoder.down_blocks.emplace_back(DownBlock{});

    const auto& up = config.decoder[stages - 1 - i];
    if (i > 0) decoder.up_blocks.emplace_back(UpBlock{});
    for (std::int64_t layer = 0; layer < up.layers; ++layer)
      decoder.up_blocks.push_back(same_resolution<DecoderBlock>(up));
  }
}

void Autoencoder::describe(const VisitTensor& visit) {
  const Scope root(visit);
  const auto head_dim = config.attention_head_dim;
  const auto stages = config.encoder.size();

  const auto down = root.in("encoder");
  encoder.conv_in.describe(down.in("conv_in"), config.in_channels, config.encoder.front().channels,
                           3);
  std::size_t block = 0;
  for (std::size_t i = 0; i < stages; ++i) {
    const auto& stage = config.encoder[i];
    for (std::int64_t layer = 0; layer < stage.layers; ++layer, ++block)
      describe_same(encoder.down_blocks[block], down.in("down_blocks", block), stage, head_dim);
    if (i + 1 == stages) continue;
    std::get<DownBlock>(encoder.down_blocks[block])
        .describe(down.in("down_blocks", block), stage.channels, config.encoder[i + 1].channels);
    ++block;
  }
  encoder.conv_out.describe(down.in("conv_out"), config.encoder.back().channels,
                            config.latent_channels, 3);

  const auto up = root.in("decoder");
  decoder.conv_in.describe(up.in("conv_in"), config.latent_channels, config.decoder.back().channels,
                           3);
  block = 0;
  for (std::size_t i = stages; i-- > 0;) {
    const auto& stage = config.decoder[i];
    if (i + 1 < stages) {
      std::get<UpBlock>(decoder.up_blocks[block])
          .describe(up.in("up_blocks", block), config.decoder[i + 1].channels, stage.channels);
      ++block;
    }
    for (std::int64_t layer = 0; layer < stage.layers; ++layer, ++block)
      describe_same(decoder.up_blocks[block], up.in("up_blocks", block), stage, head_dim);
  }
  decoder.norm_out.describe(up.in("norm_out"), config.decoder.front().channels);
  decoder.conv_out.describe(up.in("conv_out"), config.decoder.front().channels, config.out_channels,
                            3);
}

void Autoencoder::prepare(PoleGradients gradients) {
  for (auto* conv : {&encoder.conv_in, &encoder.conv_out, &decoder.conv_in, &decoder.conv_out})
    conv->prepare(gradients);
  prepare_blocks(encoder.down_blocks, gradients);
  prepare_blocks(decoder.up_blocks, gradients);
}

void Autoencoder::pack(std::int64_t rows, std::int64_t columns) {
  encoder.conv_in.pack(rows, columns);
  for (auto& block : encoder.down_blocks) {
    std::visit([&](auto& b) { b.pack(rows, columns); }, block);
    if (!std::holds_alternative<DownBlock>(block)) continue;
    rows /= 2;
    columns /= 2;
  }
  encoder.conv_out.pack(rows, columns);
  decoder.conv_in.pack(rows, columns);
  for (auto& block : decoder.up_blocks) {
    std::visit([&](auto& b) { b.pack(rows, columns); }, block);
    if (!std::holds_alternative<UpBlock>(block)) continue;
    rows *= 2;
    columns *= 2;
  }
  decoder.conv_out.pack(rows, columns);
}

Autoencoder load_autoencoder(const std::filesystem::path& folder, at::Device device,
                             at::ScalarType dtype) {
  Autoencoder autoencoder(read_autoencoder_config(folder));
  fill_weights([&](const VisitTensor& visit) { autoencoder.describe(visit); },
               read_weights_folder(folder), folder.string(), device, dtype);
  autoencoder.prepare();
  return autoencoder;
}

at::Tensor encode(const Autoencoder& autoencoder, const at::Tensor& dynamic,
                  const at::Tensor& statics, const ModuleTrace& trace) {
  check_fields(autoencoder, dynamic, statics);
  const auto& encoder = autoencoder.encoder;
  const auto inside = trace.in("encoder");
  auto x = dynamic;
  if (statics.defined()) x = at::cat({dynamic, statics.expand({dynamic.size(0), -1, -1, -1})}, 1);
  x = encoder.conv_in(x.contiguous(at::MemoryFormat::ChannelsLast));
  inside("conv_in", x);
  for (std::size_t i = 0; i < encoder.down_blocks.size(); ++i) {
    x = run_block(encoder.down_blocks[i], x, autoencoder.recomputes);
    inside.in("down_blocks", i)(x);
  }
  const auto y = encoder.conv_out(x);
  inside("conv_out", y);
  return (y + mean_of_channel_groups(x, y.size(1))).contiguous();
}

at::Tensor decode_all_channels(const Autoencoder& autoencoder, const at::Tensor& latent,
                               const ModuleTrace& trace) {
  check_latent(autoencoder, latent);
  const auto& decoder = autoencoder.decoder;
  const auto inside = trace.in("decoder");
  const auto z = latent.contiguous(at::MemoryFormat::ChannelsLast);
  auto x = decoder.conv_in(z);
  inside("conv_in", x);
  x = x + z.repeat_interleave(x.size(1) / z.size(1), 1);
  for (std::size_t i = 0; i < decoder.up_blocks.size(); ++i) {
    x = run_block(decoder.up_blocks[i], x, autoencoder.recomputes);
    inside.in("up_blocks", i)(x);
  }
  x = channel_norm(decoder.norm_out, x, kNormOutEps);
  inside("norm_out", x);
  return decoder.conv_out(at::relu(x)).contiguous();
}

at::Tensor decode(const Autoencoder& autoencoder, const at::Tensor& latent,
                  const ModuleTrace& trace) {
  const auto& config = autoencoder.config;
  return decode_all_channels(autoencoder, latent, trace)
      .narrow(1, 0, config.out_channels - config.static_channels)
      .contiguous();
}

}  // namespace ladcast
