// The latent model: from a noisy block of latent frames and the frame before it to the network's
// estimate (ladcast.md, Transformer 12 to 25).
//
// The work is cut by what it depends on, so that a sampler computes each part once:
//   begin_forecast   condition and time
//   at_noise_level   the above and the noise level: the refined condition, all modulation vectors
//   evaluate         the above and the noisy latent
#pragma once

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <optional>
#include <vector>

#include "nodes/ladcast/config.h"
#include "nodes/ladcast/module_trace.h"
#include "nodes/ladcast/rotary.h"
#include "nodes/ladcast/transformer_blocks.h"
#include "nodes/ladcast/weights.h"

namespace ladcast {

/// Linear, SiLU, Linear.
struct Embedder {
  Linear first, second;

  void describe(const Scope& scope, std::int64_t in, std::int64_t out);
  at::Tensor operator()(const at::Tensor& x) const;
};

/// Embeds patches [B, C, T, H, W] as tokens [B, N, D] in the order time, latitude, longitude.
struct PatchEmbedder {
  at::Tensor weight;  // [D, C, patch_time, patch, patch]
  at::Tensor bias;    // [D]

  void describe(const Scope& scope, const ForecasterConfig& config, std::int64_t channels);
  at::Tensor operator()(const at::Tensor& frames) const;
};

/// Embeds the noise level together with the mean of the condition's tokens.
struct LevelEmbedder {
  Embedder level, condition;

  void describe(const Scope& scope, std::int64_t width);
  at::Tensor operator()(const at::Tensor& c_noise, const at::Tensor& mean_token,
                        const ModuleTrace& trace) const;
};

/// Thread-safe for concurrent use once loaded.
struct Forecaster {
  ForecasterConfig config;
  PatchEmbedder latent_embedder, condition_embedder;
  at::Tensor
      positions;  // [tokens of condition and latent, D], where config.has_learned_positions()
  struct {
    LevelEmbedder level;
    Linear in;
    std::vector<RefinerBlock> blocks;
  } refiner;
  LevelEmbedder level;
  Embedder year;  // where config.year_embedding
  std::vector<DualBlock> dual;
  std::vector<SingleBlock> single;
  Linear norm_out, out;
  bool recomputes = false;  // a training computes blocks again instead of keeping what is inside

  /// The network of `config` without weights.
  explicit Forecaster(ForecasterConfig config);

  void describe(const VisitTensor& visit);

  /// Makes what follows from the weights. Call it when they have changed.
  void prepare();

  /// Puts the large weights into the order in which the CPU multiplies fastest. After prepare();
  /// for a network that only computes.
  void pack();
};

/// Reads FOLDER/config.json and the weights. Throws Error that names every tensor that does not
/// fit.
Forecaster load_forecaster(const std::filesystem::path& folder, at::Device device,
                           at::ScalarType dtype);

/// What depends on condition and time. b = its batch, 1 or the number of members.
struct ForecastContext {
  at::Tensor condition_tokens;                             // [b, Nc, D], embedded, not refined
  at::Tensor condition_mean;                               // [b, D]
  at::Tensor year_scale, year_shift;                       // [1 or b, D], undefined without a time
  RotaryTable latent_table, condition_table, joint_table;  // joint: latent, then condition
  TokenGrid latent_grid;
};

/// What depends on the noise level as well.
struct NoiseLevelContext {
  at::Tensor condition_tokens;  // [b, Nc, D], refined
  std::vector<DualBlock::Modulation> dual;
  std::vector<SingleBlock::Modulation> single;
  at::Tensor out_scale, out_shift;  // [b, 1, D]; the scale is 1 + the network's
};

/// condition [b, C, S, H, W]: S frames that end at the time of `timestamps` ([1 or b] int64,
/// YYYYMMDDHH; none leaves the year out); `frames` to be predicted. Throws Error if shapes do not
/// fit.
ForecastContext begin_forecast(const Forecaster& forecaster, const at::Tensor& condition,
                               const std::optional<at::Tensor>& timestamps, std::int64_t frames,
                               const ModuleTrace& trace = {});

/// c_noise [1 or b], float32 (float64 for a float64 network).
NoiseLevelContext at_noise_level(const Forecaster& forecaster, const ForecastContext& context,
                                 const at::Tensor& c_noise, const ModuleTrace& trace = {});

/// noisy [B, C, T, H, W] to the raw output of the network, same shape.
at::Tensor evaluate(const Forecaster& forecaster, const ForecastContext& context,
                    const NoiseLevelContext& level, const at::Tensor& noisy,
                    const ModuleTrace& trace = {});

}  // namespace ladcast
