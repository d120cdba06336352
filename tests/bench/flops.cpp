#include "tests/bench/flops.h"

namespace ladcast {
namespace {

constexpr std::int64_t kTimeFeatures = 256;
constexpr std::int64_t kRefinerMlpRatio = 4;
constexpr std::int64_t kGluRatio = 8;

double product(std::int64_t rows, std::int64_t in, std::int64_t out) {
  return 2.0 * static_cast<double>(rows) * static_cast<double>(in) * static_cast<double>(out);
}

double attention(const ForecasterConfig& config, std::int64_t queries, std::int64_t keys) {
  return 2.0 * product(queries, keys, config.width());
}

std::int64_t values_of_token(const ForecasterConfig& config) {
  return config.patch_time * config.patch * config.patch;
}

double embedder(std::int64_t in, std::int64_t out) {
  return product(1, in, out) + product(1, out, out);
}

double level_embedder(std::int64_t width) {
  return embedder(kTimeFeatures, width) + embedder(width, width);
}

// Attention's projections without the one that follows it, and the MLP.
double stream(const ForecasterConfig& config, std::int64_t tokens, std::int64_t mlp) {
  const auto d = config.width();
  return product(tokens, d, 3 * d) + 2 * product(tokens, d, mlp);
}

Flops refiner_block(const ForecasterConfig& config, std::int64_t tokens) {
  const auto d = config.width();
  return {stream(config, tokens, kRefinerMlpRatio * d) + product(1, d, 2 * d),
          attention(config, tokens, tokens)};
}

Flops last_single_block(const ForecasterConfig& config, TokenCounts tokens) {
  const auto d = config.width();
  return {stream(config, tokens.latent, config.mlp_width()) + product(tokens.latent, d, d) +
              product(tokens.condition, d, 2 * d),
          attention(config, tokens.latent, tokens.all())};
}

Flops all_blocks(const ForecasterConfig& config, TokenCounts tokens) {
  return static_cast<double>(config.dual_layers) * dual_block_flops(config, tokens) +
         static_cast<double>(config.single_layers) * single_block_flops(config, tokens);
}

Flops into_and_out_of_tokens(const ForecasterConfig& config, TokenCounts tokens) {
  const auto channels = config.in_channels + config.out_channels;
  return {product(tokens.latent, values_of_token(config) * channels, config.width()), 0};
}

// One map of the autoencoder.
struct Map {
  std::int64_t rows, columns;
  PoleRows poles;

  double conv(std::int64_t out, std::int64_t in_of_group, std::int64_t kernel) const {
    return sphere_conv_flops(out, in_of_group, kernel, rows, columns, poles);
  }
  double points(std::int64_t in, std::int64_t out) const {
    return product(rows * columns, in, out);
  }
  Map coarser() const { return {rows / 2, columns / 2, poles}; }
};

double res_block(const Map& map, std::int64_t channels) {
  return 2 * map.conv(channels, channels, 3);
}

double attention_block(const Map& map, const StageConfig& stage, std::int64_t head_dim) {
  const auto inner = stage.channels / head_dim * head_dim;
  const auto branches = static_cast<std::int64_t>(1 + stage.kernels.size());
  double sum = map.points(stage.channels, 3 * inner);
  for (const auto kernel : stage.kernels)
    sum += map.conv(3 * inner, 1, kernel) + map.points(head_dim, 3 * inner);
  // Keys times values, their sum and the queries times both.
  sum += map.points(branches * inner, 2 * head_dim + 1);
  sum += map.points(branches * inner, stage.channels);
  const auto wide = kGluRatio * stage.channels;
  return sum + map.points(stage.channels, wide) + map.conv(wide, 1, 3) +
         map.points(wide / 2, stage.channels);
}

double stage_blocks(const Map& map, const StageConfig& stage, std::int64_t head_dim) {
  return static_cast<double>(stage.layers) *
         (stage.attention ? attention_block(map, stage, head_dim) : res_block(map, stage.channels));
}

}  // namespace

Flops& Flops::operator+=(const Flops& other) {
  linear += other.linear;
  attention += other.attention;
  return *this;
}

TokenCounts token_counts(const ForecasterConfig& config, std::int64_t frames, std::int64_t rows,
                         std::int64_t columns) {
  const auto of_frame = rows / config.patch * (columns / config.patch);
  return {frames / config.patch_time * of_frame, of_frame};
}

Flops dual_block_flops(const ForecasterConfig& config, TokenCounts tokens) {
  const auto d = config.width();
  return {stream(config, tokens.all(), config.mlp_width()) + product(tokens.all(), d, d),
          attention(config, tokens.all(), tokens.all())};
}

Flops single_block_flops(const ForecasterConfig& config, TokenCounts tokens) {
  return dual_block_flops(config, tokens);  // the same products in another order
}

Flops begin_forecast_flops(const ForecasterConfig& config, TokenCounts tokens) {
  const auto d = config.width();
  const auto values = values_of_token(config) * config.condition_channels;
  return {product(tokens.condition, values, d) +
              (config.year_embedding ? embedder(kTimeFeatures, 2 * d) : 0.0),
          0};
}

Flops noise_level_flops(const ForecasterConfig& config, TokenCounts tokens) {
  const auto d = config.width();
  Flops sum{product(tokens.condition, d, d) + 2 * level_embedder(d), 0};
  sum += static_cast<double>(config.refiner_layers) * refiner_block(config, tokens.condition);
  sum.linear += product(1, d, (12 * config.dual_layers + 3 * config.single_layers + 2) * d);
  return sum;
}

Flops evaluation_flops(const ForecasterConfig& config, TokenCounts tokens) {
  Flops sum = all_blocks(config, tokens) + into_and_out_of_tokens(config, tokens);
  if (config.single_layers > 0)
    sum += last_single_block(config, tokens) + -1.0 * single_block_flops(config, tokens);
  return sum;
}

Flops reference_evaluation_flops(const ForecasterConfig& config, TokenCounts tokens) {
  return begin_forecast_flops(config, tokens) + noise_level_flops(config, tokens) +
         all_blocks(config, tokens) + into_and_out_of_tokens(config, tokens);
}

Flops sample_flops(const ForecasterConfig& config, TokenCounts tokens, int steps, int members,
                   int conditions) {
  const double evaluations = members * (2.0 * steps - 1.0);
  return static_cast<double>(conditions) * begin_forecast_flops(config, tokens) +
         static_cast<double>(conditions * steps) * noise_level_flops(config, tokens) +
         evaluations * evaluation_flops(config, tokens);
}

double sphere_conv_flops(std::int64_t out, std::int64_t in_of_group, std::int64_t kernel,
                         std::int64_t rows, std::int64_t columns, PoleRows poles) {
  const auto computed = poles == PoleRows::twice ? rows + 2 : rows;
  return product(computed * columns, in_of_group * kernel * kernel, out);
}

double encode_flops(const AutoencoderConfig& config, std::int64_t rows, std::int64_t columns,
                    PoleRows poles) {
  Map map{rows, columns, poles};
  double sum = map.conv(config.encoder.front().channels, config.in_channels, 3);
  for (std::size_t i = 0; i < config.encoder.size(); ++i) {
    const auto& stage = config.encoder[i];
    sum += stage_blocks(map, stage, config.attention_head_dim);
    if (i + 1 == config.encoder.size()) break;
    sum += map.conv(config.encoder[i + 1].channels / 4, stage.channels, 3);
    map = map.coarser();
  }
  return sum + map.conv(config.latent_channels, config.encoder.back().channels, 3);
}

double decode_flops(const AutoencoderConfig& config, std::int64_t rows, std::int64_t columns,
                    PoleRows poles) {
  Map map{rows, columns, poles};
  double sum = map.conv(config.out_channels, config.decoder.front().channels, 3);
  for (std::size_t i = 0; i < config.decoder.size(); ++i) {
    const auto& stage = config.decoder[i];
    sum += stage_blocks(map, stage, config.attention_head_dim);
    if (i + 1 == config.decoder.size()) break;
    map = map.coarser();
    sum += map.conv(4 * stage.channels, config.decoder[i + 1].channels, 3);
  }
  return sum + map.conv(config.decoder.back().channels, config.latent_channels, 3);
}

}  // namespace ladcast
