#include "nodes/train/noise_levels.h"

#include <ATen/ATen.h>

#include "nodes/ladcast/edm.h"

namespace ladcast {
namespace {

at::Tensor nearest(const at::Tensor& sigma, const std::vector<float>& levels) {
  const auto all = at::tensor(levels, at::TensorOptions(at::kFloat));
  return all.index_select(0, (all.unsqueeze(0) - sigma.unsqueeze(1)).abs().argmin(1));
}

}  // namespace

NoiseLevels noise_levels(const at::Tensor& normals, const NoiseDistribution& distribution,
                         const Sampler& sampler) {
  const double data = sampler.sigma_data;
  auto sigma = (normals * distribution.deviation + distribution.mean).exp();
  if (distribution.snapped_to > 0) {
    auto levels = Schedule::karras(distribution.snapped_to, sampler.sigma_min, sampler.sigma_max,
                                   sampler.rho, data)
                      .sigma;
    levels.pop_back();  // no noise at all
    sigma = nearest(sigma, levels);
  }
  const auto squares = sigma.square() + data * data;
  return {sigma,
          squares.rsqrt(),
          data * data / squares,
          sigma * data / squares.sqrt(),
          sigma.log() * 0.25,
          squares / (sigma * data).square()};
}

}  // namespace ladcast
