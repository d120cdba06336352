#include "nodes/ladcast/statistics.h"

#include <ATen/ATen.h>

#include <cmath>
#include <limits>

#include "graph/error.h"

namespace ladcast {
namespace {

at::Tensor along(const std::vector<double>& values, const at::Tensor& x, std::int64_t axis) {
  const auto count = static_cast<std::int64_t>(values.size());
  if (axis < 0 || axis >= x.dim() || x.size(axis) != count)
    fail("a tensor of shape [{}] does not have the {} channels of the statistics on axis {}",
         fmt::join(x.sizes().vec(), ", "), count, axis);
  std::vector<std::int64_t> shape(static_cast<std::size_t>(x.dim()), 1);
  shape[static_cast<std::size_t>(axis)] = count;
  return at::tensor(values, at::TensorOptions(at::kDouble)).to(x.device(), at::kFloat).view(shape);
}

std::vector<double> values_of(const at::Tensor& x) {
  return {x.data_ptr<double>(), x.data_ptr<double>() + x.numel()};
}

}  // namespace

Moments latent_moments(const Model& model) {
  const auto channels = static_cast<std::size_t>(model.latent.channels);
  if (!model.latent_statistics.empty())
    return read_latent_moments(model.latent_statistics, channels);
  return {std::vector(channels, 0.0), std::vector(channels, model.target_std)};
}

at::Tensor normalise_latent(const at::Tensor& latent, const Moments& moments, double target_std,
                            std::int64_t axis) {
  const auto z = latent.to(at::kFloat);
  return (z - along(moments.mean, z, axis)) / along(moments.std, z, axis) * target_std;
}

at::Tensor denormalise_latent(const at::Tensor& latent, const Moments& moments, double target_std,
                              std::int64_t axis) {
  const auto z = latent.to(at::kFloat) / target_std;
  return z * along(moments.std, z, axis) + along(moments.mean, z, axis);
}

at::Tensor nearest_normalised(const at::Tensor& latent, const Moments& moments, double target_std,
                              std::int64_t axis) {
  constexpr int kMostSteps = 16;  // rounding moves a value by a few floats
  const at::Tensor nearest = normalise_latent(latent, moments, target_std, axis);
  at::Tensor result = nearest.clone(), up = nearest, down = nearest;
  const auto infinity = at::full_like(nearest, std::numeric_limits<float>::infinity());
  for (int step = 0; step < kMostSteps; ++step) {
    const auto wrong = denormalise_latent(result, moments, target_std, axis) != latent;
    if (!wrong.any().item<bool>()) break;
    up = at::nextafter(up, infinity);
    down = at::nextafter(down, -infinity);
    for (const auto& candidate : {up, down}) {
      const auto right = denormalise_latent(candidate, moments, target_std, axis) == latent;
      result = at::where(at::logical_and(wrong, right), candidate, result);
    }
  }
  return result;
}

at::Tensor exactly_normalised(const at::Tensor& latent, const Moments& moments, double target_std,
                              std::int64_t axis) {
  const at::Tensor result = nearest_normalised(latent, moments, target_std, axis);
  if (at::equal(denormalise_latent(result, moments, target_std, axis), latent)) return result;
  fail(
      "some latents are not what these statistics make: the archive is damaged or of another "
      "model");
}

Moments own_moments(const at::Tensor& maps) {
  const auto values = maps.to(at::kCPU, at::kDouble).flatten(1);
  const Moments moments{values_of(values.mean(1)), values_of(values.std(1, /*unbiased=*/true))};
  for (std::size_t i = 0; i < moments.std.size(); ++i)
    if (!std::isfinite(moments.mean[i]) || !(moments.std[i] > 0.0))
      fail("static field {} has mean {} and standard deviation {}: it cannot be normalised", i,
           moments.mean[i], moments.std[i]);
  return moments;
}

at::Tensor normalise_by_own_moments(const at::Tensor& maps) {
  const auto moments = own_moments(maps);
  const auto x = maps.to(at::kFloat);
  return (x - along(moments.mean, x, 0)) / along(moments.std, x, 0);
}

}  // namespace ladcast
