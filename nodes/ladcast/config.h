// config.json of the two networks, in the published layout.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace ladcast {

/// One resolution of the autoencoder.
struct StageConfig {
  std::int64_t channels;
  std::int64_t layers;                // >= 1
  bool attention;                     // EfficientViTBlock instead of ResBlock
  std::vector<std::int64_t> kernels;  // of the multi-scale branches of the attention, odd

  bool operator==(const StageConfig&) const = default;
};

/// DC-AE (`AutoencoderDC`). Stages run from the finest to the coarsest resolution.
struct AutoencoderConfig {
  std::int64_t in_channels;      // dynamic and static
  std::int64_t out_channels;     // dynamic and static
  std::int64_t static_channels;  // the last ones of both
  std::int64_t latent_channels;
  std::int64_t attention_head_dim;
  std::vector<StageConfig> encoder;
  std::vector<StageConfig> decoder;
  std::vector<std::string> notes;  // keys of the file that were not understood

  std::int64_t dynamic_channels() const { return in_channels - static_channels; }
  /// Points of the grid for each point of the latent grid, along each axis.
  std::int64_t compression() const { return std::int64_t{1} << (encoder.size() - 1); }
};

/// The latent model (`LaDCastTransformer3DModel`).
struct ForecasterConfig {
  std::int64_t in_channels;
  std::int64_t out_channels;
  std::int64_t condition_channels;
  std::int64_t heads;
  std::int64_t head_dim;
  std::int64_t dual_layers;
  std::int64_t single_layers;
  std::int64_t refiner_layers;
  double mlp_ratio;
  std::int64_t patch;       // points of a token along each horizontal axis
  std::int64_t patch_time;  // frames of a token
  double rope_theta;
  std::array<std::int64_t, 3> rope_axes;  // of a head: time, latitude, longitude
  std::array<std::int64_t, 3> condition_rope_axes;
  std::array<double, 2> rope_start;  // latitude, longitude; radians if they were degrees
  std::array<double, 2> rope_end;
  /// Frames with the condition's, rows, columns of tokens that have learned places in place of the
  /// rotation; 0 where there are none. Not of the reference.
  std::array<std::int64_t, 3> learned_positions;
  bool year_embedding;             // the time of the year enters
  std::vector<std::string> notes;  // keys of the file that were not understood

  std::int64_t width() const { return heads * head_dim; }
  bool has_learned_positions() const { return learned_positions[0] > 0; }
  std::int64_t mlp_width() const {
    return static_cast<std::int64_t>(static_cast<double>(width()) * mlp_ratio);
  }
};

/// Reads FOLDER/config.json. Absent keys take the defaults of the reference implementation, unknown
/// keys become notes. Throws Error, naming file and key, for wrong types and unsupported values.
AutoencoderConfig read_autoencoder_config(const std::filesystem::path& folder);
ForecasterConfig read_forecaster_config(const std::filesystem::path& folder);

}  // namespace ladcast
