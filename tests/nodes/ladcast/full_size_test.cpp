// The published sizes on this machine, with random weights: time, memory, and no NaN.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <doctest/doctest.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <ctime>
#include <functional>

#include "nodes/ladcast/dcae.h"
#include "nodes/ladcast/transformer.h"
#include "nodes/values/model.h"
#include "tests/nodes/ladcast/random_networks.h"
#include "tests/temporary_folder.h"

namespace ladcast {
namespace {

at::Tensor timed(const char* what, const std::function<at::Tensor()>& work) {
  const auto start = std::chrono::steady_clock::now();
  const auto cpu_start = std::clock();
  const auto result = work();
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  const double cpu = static_cast<double>(std::clock() - cpu_start) / CLOCKS_PER_SEC;
  struct rusage usage {};
  getrusage(RUSAGE_SELF, &usage);
  std::printf("  %-34s %7.2f s, %7.2f s of CPU, %d LibTorch threads, peak memory %.2f GB\n", what,
              seconds.count(), cpu, at::get_num_threads(),
              static_cast<double>(usage.ru_maxrss) / 1e6);
  CHECK(at::isfinite(result).all().item<bool>());
  return result;
}

TEST_CASE("full size: a frame of 120 x 240 points is encoded and decoded") {
  const TemporaryFolder folder;
  Autoencoder autoencoder(
      read_autoencoder_config(test::published_network(folder.path(), "DCAE84")));
  test::randomise(autoencoder, 1);
  autoencoder.pack(120, 240);
  const auto fields = at::randn({1, 84, 120, 240});
  const auto statics = at::randn({1, 5, 120, 240});
  const auto latent = timed("encode", [&] { return encode(autoencoder, fields, statics); });
  CHECK(latent.sizes() == at::IntArrayRef({1, 84, 15, 30}));
  timed("encode again", [&] { return encode(autoencoder, fields, statics); });
  timed("decode", [&] { return decode(autoencoder, latent); });
  timed("decode again", [&] { return decode(autoencoder, latent); });
}

TEST_CASE("full size: one evaluation of the latent model with 375M parameters") {
  const TemporaryFolder folder;
  Forecaster forecaster(read_forecaster_config(test::published_network(folder.path(), "375M")));
  test::randomise(forecaster, 2);
  forecaster.pack();
  const auto condition = at::randn({1, 84, 1, 15, 30});
  const auto noisy = at::randn({1, 84, 4, 15, 30});
  NoiseLevelContext level;
  const auto context =
      begin_forecast(forecaster, condition, at::tensor({std::int64_t{2018010100}}), 4);
  timed("noise level of 375M", [&] {
    level = at_noise_level(forecaster, context, at::tensor({0.3F}));
    return level.condition_tokens;
  });
  timed("evaluation of 375M", [&] { return evaluate(forecaster, context, level, noisy); });
  timed("evaluation of 375M again", [&] { return evaluate(forecaster, context, level, noisy); });
}

/// weights_test compares names and shapes of the description with the published ones.
template <class Network, class Load>
void write_and_read(Network made, const std::filesystem::path& folder, const Load& load) {
  test::randomise(made, 3);
  const DescribeNetwork describe = [&](const VisitTensor& visit) { made.describe(visit); };
  write_safetensors(folder / kNetworkWeights, collect_weights(describe));
  const auto stored = read_safetensors(folder / kNetworkWeights);
  const auto expected = list_tensors(describe);
  REQUIRE(stored.size() == expected.size());
  for (const auto& [name, shape] : expected) {
    CAPTURE(name);
    CHECK(stored.at(name).sizes() == at::IntArrayRef(shape));
    CHECK((stored.at(name).scalar_type() == at::kFloat));
  }
  const auto weights = collect_weights(describe);
  auto read = load(folder, at::kCPU, at::kFloat);
  read.describe([&](const std::string& name, const Sizes&, at::Tensor& slot) {
    CAPTURE(name);
    CHECK(at::equal(slot, weights.at(name)));
  });
}

TEST_CASE("full size: weights are written as published, and read back") {
  const TemporaryFolder folder;
  const auto autoencoder = test::published_network(folder.path(), "DCAE84");
  write_and_read(Autoencoder(read_autoencoder_config(autoencoder)), autoencoder, load_autoencoder);
  for (const char* name : {"375M", "1.6B"}) {
    const auto forecaster = test::published_network(folder.path(), name);
    write_and_read(Forecaster(read_forecaster_config(forecaster)), forecaster, load_forecaster);
  }
}

}  // namespace
}  // namespace ladcast
