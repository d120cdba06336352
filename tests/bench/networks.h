// The networks that are measured: a model with its weights, or a published size with random ones.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "nodes/ladcast/dcae.h"
#include "nodes/ladcast/edm.h"
#include "nodes/ladcast/transformer.h"
#include "tests/bench/flops.h"

namespace ladcast::bench {

struct Network {
  std::string name;
  std::filesystem::path folder;  // of the model; empty where the weights are random
  std::optional<ForecasterConfig> forecaster;
  AutoencoderConfig autoencoder;
  std::int64_t rows, columns;  // of the autoencoder's grid
  std::int64_t frames;         // of a step
  Schedule schedule;

  bool is_random() const { return folder.empty(); }
  std::int64_t latent_rows() const { return rows / autoencoder.compression(); }
  std::int64_t latent_columns() const { return columns / autoencoder.compression(); }
  /// Requires: there is a forecaster.
  TokenCounts tokens() const;

  Forecaster make_forecaster(at::ScalarType dtype) const;
  Autoencoder make_autoencoder(at::ScalarType dtype) const;
};

/// Throws Error if the model or one of its files is not there.
Network read_network(const std::filesystem::path& model);

/// "375M" or "1.6B", with the autoencoder "DCAE84". Throws Error outside the source tree.
Network published_network(const std::string& name);

/// The same network with its weights in `dtype`.
void convert(Forecaster& forecaster, at::ScalarType dtype);
void convert(Autoencoder& autoencoder, at::ScalarType dtype);

}  // namespace ladcast::bench
