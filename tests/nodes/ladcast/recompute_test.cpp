// Gradients of networks whose blocks are computed again.
#include "nodes/ladcast/recompute.h"

#include <ATen/ATen.h>
#include <doctest/doctest.h>

#include "tests/nodes/ladcast/random_networks.h"

namespace ladcast {
namespace {

TEST_CASE("gradients of inputs and weights are those of blocks that are kept") {
  const at::Tensor weight = at::randn({3, 3}).requires_grad_(true);
  int calls = 0;
  const auto block = [&](const Tensors& in) {
    ++calls;
    return Tensors{at::tanh(in[0].matmul(weight)), in[1] * 2};
  };
  const auto gradients = [&](bool again) {
    const at::Tensor x = at::ones({2, 3}).requires_grad_(true);
    const at::Tensor y = at::full({2}, 3.0).requires_grad_(true);
    weight.mutable_grad().reset();
    const auto out = again ? recomputed({x, y}, block) : block({x, y});
    (out[0].square().sum() + out[1].sum()).backward();
    return Tensors{x.grad(), y.grad(), weight.grad().clone()};
  };
  const auto kept = gradients(false);
  CHECK(calls == 1);
  const auto again = gradients(true);
  CHECK(calls == 3);
  for (std::size_t i = 0; i < kept.size(); ++i) CHECK(at::allclose(again[i], kept[i]));
}

TEST_CASE("an output that nothing needs, an input that needs no gradient") {
  const at::Tensor x = at::ones({2}).requires_grad_(true);
  const at::Tensor constant = at::full({2}, 5.0);
  const auto out = recomputed({x, constant}, [](const Tensors& in) {
    return Tensors{in[0] * in[1], in[0] + 1};
  });
  out[0].sum().backward();
  CHECK(at::equal(x.grad(), constant));
  CHECK_FALSE(constant.grad().defined());
}

/// The gradients of all tensors of a network after `loss`.
template <class Network, class Loss>
Tensors gradients_of(Network& network, bool recomputes, const Loss& loss) {
  network.recomputes = recomputes;
  Tensors leaves, gradients;
  network.describe([&](const std::string&, const Sizes&, at::Tensor& slot) {
    slot = slot.detach().clone().requires_grad_(true);
    leaves.push_back(slot);
  });
  network.prepare();
  loss(network).backward();
  for (const auto& leaf : leaves) gradients.push_back(leaf.grad());
  return gradients;
}

template <class Network, class Loss>
void require_equal_gradients(Network network, const Loss& loss) {
  const auto kept = gradients_of(network, false, loss);
  const auto again = gradients_of(network, true, loss);
  REQUIRE(kept.size() == again.size());
  for (std::size_t i = 0; i < kept.size(); ++i) {
    INFO(i);
    REQUIRE(kept[i].defined() == again[i].defined());
    if (kept[i].defined())
      CHECK((kept[i] - again[i]).norm().template item<double>() <=
            1e-5 * (kept[i].norm().template item<double>() + 1e-3));
  }
}

TEST_CASE("gradients of both networks do not depend on it") {
  require_equal_gradients(test::random_autoencoder(), [](const Autoencoder& autoencoder) {
    const auto fields = at::linspace(-1, 1, 2 * 4 * 8 * 16).view({2, 4, 8, 16});
    const auto latent = encode(autoencoder, fields, at::ones({1, 2, 8, 16}));
    return decode_all_channels(autoencoder, latent).square().sum();
  });
  require_equal_gradients(test::random_forecaster(1), [](const Forecaster& forecaster) {
    const auto condition = at::linspace(-1, 1, 3 * 4 * 8).view({1, 3, 1, 4, 8});
    const auto noisy = at::linspace(2, -1, 3 * 2 * 4 * 8).view({1, 3, 2, 4, 8});
    const auto context = begin_forecast(forecaster, condition, std::nullopt, 2);
    return evaluate(forecaster, context, at_noise_level(forecaster, context, at::tensor({0.3F})),
                    noisy)
        .square()
        .sum();
  });
}

}  // namespace
}  // namespace ladcast
