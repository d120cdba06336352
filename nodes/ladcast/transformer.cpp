#include "nodes/ladcast/transformer.h"

#include <ATen/ATen.h>

#include "graph/error.h"
#include "nodes/ladcast/recompute.h"
#include "nodes/ladcast/time_features.h"

namespace ladcast {
namespace {

constexpr std::int64_t kTimeFeatures = 256;
constexpr double kNormOutEps = 1e-7;

// [B, C, T pt, H p, W p] -> [B, T, H, W, C, pt, p, p]
at::Tensor patches(const at::Tensor& x, std::int64_t patch_time, std::int64_t patch) {
  return x
      .view({x.size(0), x.size(1), x.size(2) / patch_time, patch_time, x.size(3) / patch, patch,
             x.size(4) / patch, patch})
      .permute({0, 2, 4, 6, 1, 3, 5, 7});
}

void check_frames(const char* what, const at::Tensor& x, std::int64_t channels,
                  const ForecasterConfig& config) {
  if (x.dim() != 5 || x.size(1) != channels || x.size(2) < 1 ||
      x.size(2) % config.patch_time != 0 || x.size(3) % config.patch != 0 ||
      x.size(4) % config.patch != 0)
    fail(
        "{} has shape [{}], expected [batch, {}, frames, rows, columns] with rows and columns "
        "divisible by {} and frames by {}",
        what, fmt::join(x.sizes().vec(), ", "), channels, config.patch, config.patch_time);
}

TokenGrid token_grid(const ForecasterConfig& config, std::int64_t first_time, std::int64_t frames,
                     const at::Tensor& like) {
  return {first_time, frames / config.patch_time, like.size(3) / config.patch,
          like.size(4) / config.patch};
}

/// The latent's and the condition's tokens after a block.
std::pair<at::Tensor, at::Tensor> run_dual(const DualBlock& block, at::Tensor latent,
                                           at::Tensor condition, const DualBlock::Modulation& by,
                                           const RotaryTable& table, bool recomputes,
                                           const ModuleTrace& trace) {
  if (!recomputes || !latent.requires_grad()) {
    block(latent, condition, by, table, trace);
    return {latent, condition};
  }
  Tensors inputs{latent, condition};
  for (const auto* v : {&by.latent, &by.condition})
    inputs.insert(inputs.end(), {v->attention_shift, v->attention_scale, v->attention_gate,
                                 v->mlp_shift, v->mlp_scale, v->mlp_gate});
  const auto out = recomputed(inputs, [&block, table](const Tensors& in) {
    at::Tensor x = in[0], y = in[1];
    block(x, y,
          {{in[2], in[3], in[4], in[5], in[6], in[7]},
           {in[8], in[9], in[10], in[11], in[12], in[13]}},
          table, {});
    return Tensors{x, y};
  });
  return {out[0], out[1]};
}

/// The latent's tokens alone after the last block, all others else.
at::Tensor run_single(const SingleBlock& block, const at::Tensor& tokens,
                      const SingleBlock::Modulation& by, const RotaryTable& table,
                      std::int64_t count, bool last, bool recomputes, const ModuleTrace& trace) {
  const auto run = [&block, table, count, last](const at::Tensor& x,
                                                const SingleBlock::Modulation& vectors,
                                                const ModuleTrace& inside) {
    return last ? block.latent_only(x, vectors, table, count)
                : block(x, vectors, table, count, inside);
  };
  if (!recomputes || !tokens.requires_grad()) return run(tokens, by, trace);
  return recomputed({tokens, by.shift, by.scale, by.gate}, [run](const Tensors& in) {
    return Tensors{run(in[0], {in[1], in[2], in[3]}, {})};
  })[0];
}

void require_places(const ForecasterConfig& config, const at::Tensor& condition,
                    std::int64_t frames) {
  const auto times = (condition.size(2) + frames) / config.patch_time;
  const std::array<std::int64_t, 3> needed{times, condition.size(3) / config.patch,
                                           condition.size(4) / config.patch};
  if (needed != config.learned_positions)
    fail(
        "the network has learned the places of [{}] tokens (frames, rows, columns), and [{}] are "
        "asked for",
        fmt::join(config.learned_positions, ", "), fmt::join(needed, ", "));
}

void trace_table(const ModuleTrace& trace, const RotaryTable& table) {
  if (!trace) return;
  trace("out0", table.cosine.repeat_interleave(2, 1));
  trace("out1", table.sine.repeat_interleave(2, 1));
}

at::Tensor expand_batch(const at::Tensor& x, std::int64_t batch) {
  return x.size(0) == batch ? x : x.expand({batch, -1, -1});
}

}  // namespace

void Embedder::describe(const Scope& scope, std::int64_t in, std::int64_t out) {
  first.describe(scope.in("linear_1"), in, out);
  second.describe(scope.in("linear_2"), out, out);
}

at::Tensor Embedder::operator()(const at::Tensor& x) const { return second(at::silu(first(x))); }

void PatchEmbedder::describe(const Scope& scope, const ForecasterConfig& config,
                             std::int64_t channels) {
  scope.in("proj").tensor(
      "weight", {config.width(), channels, config.patch_time, config.patch, config.patch}, weight);
  scope.in("proj").tensor("bias", {config.width()}, bias);
}

at::Tensor PatchEmbedder::operator()(const at::Tensor& frames) const {
  const auto tokens =
      patches(frames.contiguous(), weight.size(2), weight.size(3)).flatten(4).flatten(1, 3);
  return Linear{weight.flatten(1), bias}(tokens);
}

void LevelEmbedder::describe(const Scope& scope, std::int64_t width) {
  level.describe(scope.in("timestep_embedder"), kTimeFeatures, width);
  condition.describe(scope.in("text_embedder"), width, width);
}

at::Tensor LevelEmbedder::operator()(const at::Tensor& c_noise, const at::Tensor& mean_token,
                                     const ModuleTrace& trace) const {
  const auto features = noise_level_features(c_noise);
  const auto from_level = level(features.to(mean_token.scalar_type()));
  const auto from_condition = condition(mean_token);
  const auto embedding = from_level + from_condition;
  trace("time_proj", features);
  trace("timestep_embedder", from_level);
  trace("text_embedder", from_condition);
  trace(embedding);
  return embedding;
}

Forecaster::Forecaster(ForecasterConfig configuration)
    : config(std::move(configuration)),
      dual(static_cast<std::size_t>(config.dual_layers)),
      single(static_cast<std::size_t>(config.single_layers)) {
  refiner.blocks.resize(static_cast<std::size_t>(config.refiner_layers));
}

void Forecaster::describe(const VisitTensor& visit) {
  const Scope root(visit);
  const auto width = config.width();
  latent_embedder.describe(root.in("x_embedder"), config, config.in_channels);
  condition_embedder.describe(root.in("context_embedder"), config, config.condition_channels);
  if (config.has_learned_positions())
    root.in("position_embedding")
        .tensor("weight",
                {config.learned_positions[0] * config.learned_positions[1] *
                     config.learned_positions[2],
                 width},
                positions);
  const auto refine = root.in("context_refiner");
  refiner.level.describe(refine.in("time_text_embed"), width);
  refiner.in.describe(refine.in("proj_in"), width, width);
  for (std::size_t i = 0; i < refiner.blocks.size(); ++i)
    refiner.blocks[i].describe(refine.in("token_refiner.refiner_blocks", i), config);
  level.describe(root.in("time_text_embed"), width);
  if (config.year_embedding) year.describe(root.in("time_elapsed_embed"), kTimeFeatures, 2 * width);
  for (std::size_t i = 0; i < dual.size(); ++i)
    dual[i].describe(root.in("transformer_blocks", i), config);
  for (std::size_t i = 0; i < single.size(); ++i)
    single[i].describe(root.in("single_transformer_blocks", i), config);
  norm_out.describe(root.in("norm_out.linear"), width, 2 * width);
  out.describe(root.in("proj_out"), width,
               config.patch_time * config.patch * config.patch * config.out_channels);
}

void Forecaster::prepare() {
  for (auto& block : refiner.blocks) block.attention.prepare();
  for (auto& block : dual) {
    block.latent.heads.prepare();
    block.condition.heads.prepare();
  }
  for (auto& block : single) block.prepare();
}

void Forecaster::pack() {
  for (auto& block : refiner.blocks) block.pack();
  for (auto& block : dual) {
    block.latent.pack();
    block.condition.pack();
  }
  for (auto& block : single) block.pack(&block == &single.back());
}

Forecaster load_forecaster(const std::filesystem::path& folder, at::Device device,
                           at::ScalarType dtype) {
  Forecaster forecaster(read_forecaster_config(folder));
  fill_weights([&](const VisitTensor& visit) { forecaster.describe(visit); },
               read_weights_folder(folder), folder.string(), device, dtype);
  forecaster.prepare();
  return forecaster;
}

ForecastContext begin_forecast(const Forecaster& forecaster, const at::Tensor& condition,
                               const std::optional<at::Tensor>& timestamps, std::int64_t frames,
                               const ModuleTrace& trace) {
  const auto& config = forecaster.config;
  check_frames("the condition", condition, config.condition_channels, config);
  ForecastContext context;
  context.condition_tokens = forecaster.condition_embedder(condition);
  if (config.has_learned_positions()) {
    require_places(config, condition, frames);
    const auto count = context.condition_tokens.size(1);
    context.condition_tokens = context.condition_tokens + forecaster.positions.narrow(0, 0, count);
  }
  context.condition_mean = context.condition_tokens.mean(1);
  trace("context_embedder", context.condition_tokens);

  const auto dtype = condition.scalar_type();
  const auto device = condition.device();
  if (config.year_embedding && timestamps) {
    const auto features = year_features(*timestamps, wide_type(dtype)).to(device, dtype);
    const auto embedding = forecaster.year(features);
    trace("time_elapsed_embed", embedding);
    const auto parts = embedding.chunk(2, 1);
    context.year_scale = parts[0] + 1;
    context.year_shift = parts[1];
  }

  const auto condition_times = condition.size(2) / config.patch_time;
  context.latent_grid = token_grid(config, 1, frames, condition);
  context.latent_table = rotary_table(config, config.rope_axes, context.latent_grid, device, dtype);
  context.condition_table = rotary_table(
      config, config.condition_rope_axes,
      token_grid(config, 1 - condition_times, condition.size(2), condition), device, dtype);
  context.joint_table = {at::cat({context.latent_table.cosine, context.condition_table.cosine}),
                         at::cat({context.latent_table.sine, context.condition_table.sine})};
  trace_table(trace.in("rope"), context.latent_table);
  trace_table(trace.in("cond_rope"), context.condition_table);
  return context;
}

NoiseLevelContext at_noise_level(const Forecaster& forecaster, const ForecastContext& context,
                                 const at::Tensor& c_noise, const ModuleTrace& trace) {
  const auto refine = trace.in("context_refiner");
  const auto refiner_embedding = at::silu(
      forecaster.refiner.level(c_noise, context.condition_mean, refine.in("time_text_embed")));
  auto tokens = forecaster.refiner.in(context.condition_tokens);
  refine("proj_in", tokens);
  for (std::size_t i = 0; i < forecaster.refiner.blocks.size(); ++i) {
    const auto block = refine.in("token_refiner.refiner_blocks", i);
    tokens =
        forecaster.refiner.blocks[i](tokens, refiner_embedding, context.condition_table, block);
    block(tokens);
  }
  refine(tokens);

  auto embedding = forecaster.level(c_noise, tokens.mean(1), trace.in("time_text_embed"));
  if (context.year_scale.defined())
    embedding = at::addcmul(context.year_shift, embedding, context.year_scale);
  trace("temb", embedding);

  NoiseLevelContext level;
  level.condition_tokens = tokens;
  const auto silu = at::silu(embedding);
  for (const auto& block : forecaster.dual) level.dual.push_back(block.modulate(silu));
  for (const auto& block : forecaster.single) level.single.push_back(block.modulate(silu));
  const auto last = modulation_vectors(forecaster.norm_out, silu, 2);
  level.out_scale = last[0] + 1;
  level.out_shift = last[1];
  return level;
}

at::Tensor evaluate(const Forecaster& forecaster, const ForecastContext& context,
                    const NoiseLevelContext& level, const at::Tensor& noisy,
                    const ModuleTrace& trace) {
  const auto& config = forecaster.config;
  check_frames("the noisy latent", noisy, config.in_channels, config);
  const auto batch = noisy.size(0);
  const auto grid = token_grid(config, 1, noisy.size(2), noisy);
  const auto count = grid.tokens();
  if (count != context.latent_table.cosine.size(0) ||
      (level.condition_tokens.size(0) != 1 && level.condition_tokens.size(0) != batch))
    fail(
        "the noisy latent has shape [{}], which does not fit the condition: {} tokens of {} "
        "members, "
        "expected {} tokens of {}",
        fmt::join(noisy.sizes().vec(), ", "), count, batch, context.latent_table.cosine.size(0),
        level.condition_tokens.size(0));

  auto tokens = forecaster.latent_embedder(noisy);
  if (config.has_learned_positions())
    tokens = tokens + forecaster.positions.narrow(0, forecaster.positions.size(0) - count, count);
  trace("x_embedder", tokens);
  auto condition = expand_batch(level.condition_tokens, batch);
  for (std::size_t i = 0; i < forecaster.dual.size(); ++i)
    std::tie(tokens, condition) =
        run_dual(forecaster.dual[i], tokens, condition, level.dual[i], context.latent_table,
                 forecaster.recomputes, trace.in("transformer_blocks", i));
  if (!forecaster.single.empty()) tokens = at::cat({tokens, condition}, 1);
  for (std::size_t i = 0; i < forecaster.single.size(); ++i) {
    const bool last = i + 1 == forecaster.single.size() && !trace;
    tokens = run_single(forecaster.single[i], tokens, level.single[i], context.joint_table, count,
                        last, forecaster.recomputes, trace.in("single_transformer_blocks", i));
  }
  tokens = modulated_layer_norm(tokens.narrow(1, 0, count), level.out_scale, level.out_shift,
                                kNormOutEps);
  trace("norm_out", tokens);
  const auto values = forecaster.out(tokens);
  trace("proj_out", values);
  return values
      .view({batch, grid.times, grid.rows, grid.columns, config.out_channels, config.patch_time,
             config.patch, config.patch})
      .permute({0, 4, 1, 5, 2, 6, 3, 7})
      .reshape({batch, config.out_channels, noisy.size(2), noisy.size(3), noisy.size(4)});
}

}  // namespace ladcast
