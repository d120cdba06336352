#include "nodes/ladcast/dcae.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <thread>

#include "tests/nodes/error_message.h"
#include "tests/nodes/ladcast/fixtures.h"
#include "tests/nodes/ladcast/random_networks.h"
#include "tests/temporary_folder.h"

namespace ladcast {
namespace {

TEST_CASE("fields become latents at half the resolution and dynamic fields again") {
  const auto autoencoder = test::random_autoencoder();
  const auto latent = encode(autoencoder, at::randn({3, 4, 8, 16}), at::randn({1, 2, 8, 16}));
  CHECK(latent.sizes() == at::IntArrayRef({3, 6, 4, 8}));
  CHECK(latent.is_contiguous());
  const auto fields = decode(autoencoder, latent);
  CHECK(fields.sizes() == at::IntArrayRef({3, 4, 8, 16}));
  CHECK(fields.is_contiguous());
}

TEST_CASE("a frame's latent does not depend on the frames beside it") {
  const auto autoencoder = test::random_autoencoder();
  const auto fields = at::randn({3, 4, 8, 16});
  const auto statics = at::randn({1, 2, 8, 16});
  const auto alone = encode(autoencoder, fields.narrow(0, 2, 1), statics);
  CHECK(test::relative_error(encode(autoencoder, fields, statics).narrow(0, 2, 1), alone) < 1e-5);
}

TEST_CASE("turning the sphere by whole latent columns turns the latent") {
  const auto autoencoder = test::random_autoencoder();
  const auto fields = at::randn({1, 4, 8, 16});
  const auto statics = at::randn({1, 2, 8, 16});
  const auto turned = encode(autoencoder, fields.roll({4}, {3}), statics.roll({4}, {3}));
  CHECK(test::relative_error(turned, encode(autoencoder, fields, statics).roll({2}, {3})) < 1e-5);
}

TEST_CASE("fields of other shapes are refused") {
  const auto autoencoder = test::random_autoencoder();
  const auto run = [&](at::IntArrayRef fields, at::IntArrayRef statics) {
    return error_of([&] { encode(autoencoder, at::zeros(fields), at::zeros(statics)); });
  };
  CHECK(contains(run({1, 5, 8, 16}, {1, 2, 8, 16}),
                 "fields have shape [1, 5, 8, 16], expected [batch, 4"));
  CHECK(contains(run({1, 4, 9, 16}, {1, 2, 9, 16}), "divisible by 2"));
  CHECK(contains(run({1, 4, 8, 16}, {1, 1, 8, 16}), "static fields have shape [1, 1, 8, 16]"));
  CHECK(contains(run({3, 4, 8, 16}, {2, 2, 8, 16}), "expected [1 or 3, 2, 8, 16]"));
  CHECK(contains(error_of([&] {
                   decode(autoencoder, at::zeros({1, 5, 4, 8}));
                 }),
                 "expected [batch, 6"));
}

TEST_CASE("in 16 bits the networks stay near their float32 results") {
  const auto exact = test::random_autoencoder();
  const auto error = [](const at::Tensor& actual, const at::Tensor& expected) {
    return ((actual.to(at::kFloat) - expected).norm() / expected.norm()).item<double>();
  };
  // Of random weights and fields, a head of the linear attention may weigh all points with nearly
  // zero at some point: there its quotient loses its digits. The median of draws does not see it.
  const auto median = [](std::array<double, 9> errors) {
    std::nth_element(errors.begin(), errors.begin() + 4, errors.end());
    return errors[4];
  };
  for (const auto type : {at::kBFloat16, at::kHalf}) {
    auto narrow = exact;
    narrow.describe(
        [type](const std::string&, const Sizes&, at::Tensor& slot) { slot = slot.to(type); });
    narrow.prepare();
    std::array<double, 9> encoded{};
    std::array<double, 9> decoded{};
    for (std::size_t draw = 0; draw < encoded.size(); ++draw) {
      const auto fields = at::randn({1, 4, 8, 16});
      const auto statics = at::randn({1, 2, 8, 16});
      const auto latent = encode(exact, fields, statics);
      encoded[draw] = error(encode(narrow, fields.to(type), statics.to(type)), latent);
      decoded[draw] = error(decode(narrow, latent.to(type)), decode(exact, latent));
    }
    const double tolerance = type == at::kHalf ? 4e-3 : 3e-2;
    CHECK(median(encoded) < tolerance);
    CHECK(median(decoded) < tolerance);
  }
}

TEST_CASE("one network serves threads at the same time") {
  const auto autoencoder = test::random_autoencoder();
  const auto latents = at::randn({4, 6, 4, 8});
  std::vector<at::Tensor> results(8);
  const auto work = [&](std::size_t i) {
    at::set_num_threads(1);
    results[i] = decode(autoencoder, latents.narrow(0, static_cast<std::int64_t>(i % 4), 1));
  };
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < 4; ++i) threads.emplace_back(work, i);
  for (auto& thread : threads) thread.join();
  for (std::size_t i = 4; i < 8; ++i) work(i);
  for (std::size_t i = 0; i < 4; ++i) CHECK(at::equal(results[i], results[i + 4]));
}

TEST_CASE("saved weights give the same network again") {
  const TemporaryFolder folder;
  std::filesystem::copy_file("tests/data/parity/dcae/config.json", folder.path() / "config.json");
  const auto first = load_autoencoder("tests/data/parity/dcae", at::kCPU, at::kFloat);
  auto copy = first;
  write_safetensors(folder.path() / "diffusion_pytorch_model.safetensors",
                    collect_weights([&](const VisitTensor& visit) { copy.describe(visit); }));
  const auto second = load_autoencoder(folder.path(), at::kCPU, at::kFloat);
  const auto latent = at::randn({1, first.config.latent_channels, 4, 8});
  CHECK(at::equal(decode(first, latent), decode(second, latent)));
}

TEST_CASE("weights of another network are refused with all their names") {
  const TemporaryFolder folder;
  std::filesystem::copy_file("tests/data/parity/dcae/config.json", folder.path() / "config.json");
  std::filesystem::copy_file("tests/data/parity/dit/diffusion_pytorch_model.safetensors",
                             folder.path() / "diffusion_pytorch_model.safetensors");
  const auto error = error_of([&] { load_autoencoder(folder.path(), at::kCPU, at::kFloat); });
  CHECK(contains(error, folder.path().string()));
  CHECK(contains(error, "missing: encoder.conv_in.weight [18, 13, 3, 3]"));
  CHECK(contains(error, "unexpected: x_embedder.proj.weight"));
}

}  // namespace
}  // namespace ladcast
