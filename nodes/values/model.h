// A model folder: what `model.toml` says about channels, grid, statistics and weights.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "nodes/values/channel.h"
#include "nodes/values/grid.h"

namespace ladcast {

struct LatentShape {
  int channels = 0, rows = 0, columns = 0;
};

/// Fields that do not change with time, given to the autoencoder beside the channels.
struct Statics {
  std::vector<std::string> channels;         // in the network's order
  std::vector<std::filesystem::path> files;  // .pt as published, or NetCDF
};

/// How the forecaster is sampled (Karras et al. 2022, arXiv 2206.00364, table 1 and algorithm 1).
struct Sampler {
  std::string solver = "heun";
  int steps = 20;
  double sigma_min = 0.002, sigma_max = 80.0, sigma_data = 0.5, rho = 7.0;
};

struct PublishedFile {
  std::string path;    // relative to the model folder
  std::string sha256;  // 64 hexadecimal digits; empty for the hash that the server states
  std::string url;     // of the file; empty for `path` below `Fetch::base`
};

struct Fetch {
  std::string base;  // where the files are published
  std::vector<PublishedFile> files;
};

/// All paths are absolute or relative to the current folder, already joined with the model folder.
struct Model {
  std::filesystem::path folder;
  std::string name, title, licence;
  int step_hours = 6;
  int frames = 4;                      // leads of one rollout step
  std::filesystem::path autoencoder;   // a folder
  std::filesystem::path forecaster;    // a folder; empty where the model is an autoencoder only
  Grid grid;                           // of an analysis
  std::vector<std::size_t> crop_rows;  // rows of `grid` that the networks do not see, ascending
  LatentShape latent;
  std::vector<Channel> channels;  // in the networks' order, levels expanded
  std::vector<std::optional<float>>
      fills;  // for missing points of each channel, in normalised units
  Statics statics;
  std::filesystem::path field_statistics;
  std::filesystem::path latent_statistics;  // empty where there are none yet: nothing is scaled
  double target_std = 0.5;                  // standard deviation of normalised latents
  Sampler sampler;
  std::filesystem::path climatology;  // empty where there is none
  Fetch fetch;

  /// Reads `folder`/model.toml. Throws Error "file:line: …" for unknown keys, wrong types and
  /// values.
  static Model read(const std::filesystem::path& folder);

  /// The rows of `grid` that are not in `crop_rows`, ascending.
  std::vector<std::size_t> network_rows() const;

  /// `grid` without `crop_rows`.
  Grid network_grid() const;

  /// The files of the model: model.toml, and what it or an index of shards names. A network's
  /// folder is there for its config.json and its weights.
  std::vector<std::filesystem::path> files() const;

  /// Those of files() that do not exist.
  std::vector<std::filesystem::path> missing_files() const;

  /// Throws one Error that lists missing_files() and says where to get them.
  void require_files() const;
};

/// The name of a network's weights, where they are one file.
inline constexpr const char* kNetworkWeights = "diffusion_pytorch_model.safetensors";

/// The files of a network: its config.json, and its weights, or their index and what that names.
/// Throws Error where the index cannot be read.
std::vector<std::filesystem::path> network_files(const std::filesystem::path& folder);

/// The folder of the model called `name`: `name` itself if it holds a model.toml, else `name`
/// inside each folder of LADCAST_MODELS (separated by colons), of the cache
/// (~/.cache/ladcast-flow/models), then of `search`, in that order. Throws Error with all paths
/// tried and the models that are there.
std::filesystem::path find_model(const std::string& name,
                                 std::span<const std::filesystem::path> search);

}  // namespace ladcast
