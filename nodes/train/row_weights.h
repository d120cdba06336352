// How much the rows of a map count in a loss.
#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

namespace ladcast {

/// The cosines of the latitudes (degrees) over their mean: float32 [1, 1, rows, 1].
at::Tensor row_weights(const std::vector<double>& latitude);

/// Latitudes of latent rows: means of as many groups of neighbouring rows, from south to north.
/// Requires: `rows` divides their number.
std::vector<double> latent_latitudes(const std::vector<double>& latitude, int rows);

}  // namespace ladcast
