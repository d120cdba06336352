#include "nodes/train/validation.h"

#include <ATen/ATen.h>
#include <doctest/doctest.h>

#include <cmath>

#include "tests/nodes/ladcast/random_networks.h"

namespace ladcast {
namespace {

const std::vector<Channel> kChannels = {{"2m_temperature", {}, "K"},
                                        {"mean_sea_level_pressure", {}, "Pa"},
                                        {"10m_u_component_of_wind", {}, "m s-1"},
                                        {"sea_surface_temperature", {}, "K"}};

Samples windows_of(const at::Tensor& fields) {
  Samples windows;
  windows.values = fields.unsqueeze(2);
  windows.statics = at::randn({1, 2, 8, 16});
  windows.weights = at::linspace(0.2, 1.8, 8).view({1, 1, 8, 1});
  return windows;
}

TEST_CASE("the error of a reconstruction is weighted by area, in the unit of each channel") {
  const auto autoencoder = test::random_autoencoder();
  const auto windows = windows_of(at::randn({3, 4, 8, 16}));
  const auto metrics =
      score_autoencoder(autoencoder, windows, kChannels, {{0, 0, 0, 0}, {2.0, 100.0, 1.0, 3.0}});
  REQUIRE(metrics.size() == 5);
  const auto fields = windows.values.select(2, 0);
  const auto error = decode(autoencoder, encode(autoencoder, fields, windows.statics)) - fields;
  const auto expected = (error.square() * windows.weights).mean({0, 2, 3}).sqrt();
  CHECK(metrics[0].value == doctest::Approx(expected.mean().item<double>()).epsilon(1e-5));
  CHECK(metrics[2].name == "rmse mean_sea_level_pressure");
  CHECK(metrics[2].unit == "Pa");
  CHECK(metrics[2].value == doctest::Approx(100.0 * expected[1].item<double>()).epsilon(1e-5));
}

TEST_CASE("missing points do not count") {
  const auto autoencoder = test::random_autoencoder();
  auto windows = windows_of(at::randn({2, 4, 8, 16}));
  const Moments moments{{0, 0, 0, 0}, {1.0, 1.0, 1.0, 1.0}};
  windows.missing = at::zeros_like(windows.values, at::kBool);
  windows.missing.narrow(1, 3, 1).narrow(4, 0, 12).fill_(true);
  const auto metrics = score_autoencoder(autoencoder, windows, kChannels, moments);
  const auto fields = windows.values.select(2, 0);
  const auto error = decode(autoencoder, encode(autoencoder, fields, windows.statics)) - fields;
  const auto there = error.select(1, 3).narrow(2, 12, 4).square() * windows.weights.squeeze(1);
  const double expected = std::sqrt(there.mean().item<double>());
  CHECK(metrics[4].value == doctest::Approx(expected).epsilon(1e-5));
}

TEST_CASE("members of known spread have the CRPS of their distribution") {
  // A network that sends zeros takes the data for normal numbers of deviation 0.5: so are its
  // members.
  auto forecaster = test::random_forecaster(1);
  forecaster.out.weight.zero_();
  forecaster.out.bias.zero_();
  forecaster.prepare();
  Model model;
  model.frames = 2;
  Samples windows;
  windows.weights = at::ones({1, 1, 6, 1});
  windows.times = {Time{}, Time{}};
  // sigma (z (2 Phi(z) - 1) + 2 phi(z) - 1 / sqrt(pi)), sigma = 0.5, z = truth / sigma
  for (const auto& [truth, crps] : {std::pair(0.0, 0.11685), std::pair(1.0, 0.72631)}) {
    windows.values = at::full({2, 3, 3, 6, 10}, truth, at::kFloat);
    std::map<std::string, double> scores;
    for (const auto& metric : score_forecaster(forecaster, windows, model, {20, 20}))
      scores[metric.name] = metric.value;
    CHECK(scores.at("fair crps") == doctest::Approx(crps).epsilon(0.03));
    CHECK(scores.at("fair crps at 12 h") == doctest::Approx(crps).epsilon(0.05));
    CHECK(scores.at("rmse of the mean at 6 h") ==
          doctest::Approx(std::sqrt(truth * truth + 0.25 / 20)).epsilon(0.05));
    CHECK(scores.at("rmse of one evaluation at 12 h") ==
          doctest::Approx(std::sqrt(truth * truth)).epsilon(0.05).scale(1.0));
  }
}

}  // namespace
}  // namespace ladcast
