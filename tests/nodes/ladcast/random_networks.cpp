#include "tests/nodes/ladcast/random_networks.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>

#include <cmath>

namespace ladcast::test {
namespace {

VisitTensor random_filler(at::Generator generator) {
  return [generator](const std::string& name, const Sizes& shape, at::Tensor& slot) {
    slot = at::randn(shape, std::optional<at::Generator>(generator), at::TensorOptions(at::kFloat));
    if (shape.size() > 1)
      slot.mul_(1.0 / std::sqrt(static_cast<double>(slot.numel() / shape[0])));
    else
      slot.mul_(0.1).add_(name.ends_with("weight") ? 1.0 : 0.0);
  };
}

}  // namespace

void randomise(Autoencoder& autoencoder, std::uint64_t seed) {
  autoencoder.describe(random_filler(at::detail::createCPUGenerator(seed)));
  autoencoder.prepare();
}

void randomise(Forecaster& forecaster, std::uint64_t seed) {
  forecaster.describe(random_filler(at::detail::createCPUGenerator(seed)));
  forecaster.prepare();
}

std::filesystem::path published_network(const std::filesystem::path& folder,
                                        const std::string& name) {
  const auto place = folder / name;
  std::filesystem::create_directories(place);
  std::filesystem::copy_file(
      std::filesystem::path("tests/data/published") / ("config_" + name + ".json"),
      place / "config.json");
  return place;
}

Forecaster random_forecaster(std::int64_t patch) {
  ForecasterConfig config{};
  config.in_channels = config.out_channels = config.condition_channels = 3;
  config.heads = 2;
  config.head_dim = 12;
  config.dual_layers = config.refiner_layers = 1;
  config.single_layers = 2;
  config.mlp_ratio = 2.0;
  config.patch = patch;
  config.patch_time = 1;
  config.rope_theta = 16.0;
  config.rope_axes = config.condition_rope_axes = {4, 4, 4};
  config.rope_start = {-1.0, 0.0};
  config.rope_end = {1.0, 6.0};
  config.year_embedding = true;
  Forecaster forecaster(config);
  randomise(forecaster, 1);
  return forecaster;
}

Autoencoder random_autoencoder() {
  AutoencoderConfig config{};
  config.in_channels = config.out_channels = 6;
  config.static_channels = 2;
  config.latent_channels = 6;
  config.attention_head_dim = 8;
  config.encoder = config.decoder = {{12, 1, false, {}}, {24, 1, true, {5}}};
  Autoencoder autoencoder(config);
  randomise(autoencoder, 2);
  return autoencoder;
}

}  // namespace ladcast::test
