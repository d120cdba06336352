#include "nodes/train/row_weights.h"

#include <ATen/ATen.h>

#include "nodes/verify/latitude_weights.h"

namespace ladcast {

at::Tensor row_weights(const std::vector<double>& latitude) {
  return at::tensor(latitude_weights(latitude, LatitudeWeighting::cos),
                    at::TensorOptions(at::kDouble))
      .to(at::kFloat)
      .view({1, 1, -1, 1});
}

std::vector<double> latent_latitudes(const std::vector<double>& latitude, int rows) {
  const std::size_t each = latitude.size() / static_cast<std::size_t>(rows);
  std::vector<double> means(static_cast<std::size_t>(rows), 0.0);
  for (std::size_t i = 0; i < latitude.size(); ++i)
    means[i / each] += latitude[i] / static_cast<double>(each);
  return means;
}

}  // namespace ladcast
