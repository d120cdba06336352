// Small networks with seeded random weights, made in memory.
#pragma once

#include <filesystem>
#include <string>

#include "nodes/ladcast/dcae.h"
#include "nodes/ladcast/transformer.h"

namespace ladcast::test {

/// Fills all tensors: matrices and kernels with normals / sqrt(fan in), norm weights near 1, biases
/// near 0, so that activations stay near 1; then prepares the network.
void randomise(Autoencoder& autoencoder, std::uint64_t seed);
void randomise(Forecaster& forecaster, std::uint64_t seed);

/// The published configuration `name` ("375M", "1.6B", "DCAE84") as the folder of a network under
/// `folder`.
std::filesystem::path published_network(const std::filesystem::path& folder,
                                        const std::string& name);

/// 3 latent channels, 2 heads of 12, one refiner, dual and single block each and a second single
/// one.
Forecaster random_forecaster(std::int64_t patch);

/// 4 dynamic and 2 static channels, 6 latent channels, 2 stages, the coarser one with attention.
Autoencoder random_autoencoder();

}  // namespace ladcast::test
