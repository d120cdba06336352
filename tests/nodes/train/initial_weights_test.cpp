#include "nodes/train/initial_weights.h"

#include <ATen/ATen.h>
#include <doctest/doctest.h>

#include <cmath>

#include "tests/nodes/ladcast/random_networks.h"

namespace ladcast {
namespace {

NamedTensors drawn(std::uint64_t seed) {
  auto autoencoder = test::random_autoencoder();
  const DescribeNetwork describe = [&](const VisitTensor& visit) { autoencoder.describe(visit); };
  start_at_random(describe, seed);
  return collect_weights(describe);
}

TEST_CASE("weights begin as PyTorch draws them: uniform within 1 / sqrt(inputs)") {
  const auto weights = drawn(1);
  const auto& kernel = weights.at("encoder.conv_in.weight");  // 6 channels, 3 x 3
  const auto& bias = weights.at("encoder.conv_in.bias");
  const double bound = 1.0 / std::sqrt(6.0 * 9.0);
  CHECK(kernel.abs().max().item<double>() <= bound);
  CHECK(kernel.abs().max().item<double>() > 0.95 * bound);
  CHECK(std::abs(kernel.mean().item<double>()) < 0.1 * bound);
  CHECK(bias.abs().max().item<double>() <= bound);
  CHECK(bias.abs().max().item<double>() > 0.0);
  CHECK(weights.at("decoder.norm_out.weight").eq(1.0).all().item<bool>());
  CHECK(weights.at("decoder.norm_out.bias").eq(0.0).all().item<bool>());
}

TEST_CASE("equal seeds give equal weights, tensors of one shape differ") {
  const auto first = drawn(1), again = drawn(1), other = drawn(2);
  for (const auto& [name, tensor] : first) CHECK(at::equal(tensor, again.at(name)));
  CHECK_FALSE(at::equal(first.at("encoder.conv_in.weight"), other.at("encoder.conv_in.weight")));
  CHECK_FALSE(at::equal(first.at("encoder.down_blocks.0.conv1.weight"),
                        first.at("encoder.down_blocks.0.conv2.weight")));
}

}  // namespace
}  // namespace ladcast
