#include "nodes/ladcast/statistics.h"

#include <ATen/ATen.h>
#include <doctest/doctest.h>

#include "tests/nodes/error_message.h"

namespace ladcast {
namespace {

TEST_CASE("latents are scaled to the target deviation and back") {
  const Moments moments{{1.0, -2.0}, {2.0, 4.0}};
  const auto z = at::tensor({3.F, 5.F, 6.F, -2.F}).view({1, 2, 2});
  const auto scaled = normalise_latent(z, moments, 0.5, 1);
  CHECK(at::equal(scaled, at::tensor({0.5F, 1.F, 1.F, 0.F}).view({1, 2, 2})));
  CHECK(at::equal(denormalise_latent(scaled, moments, 0.5, 1), z));
  CHECK(contains(error_of([&] { normalise_latent(z, moments, 0.5, 0); }),
                 "does not have the 2 channels"));
}

TEST_CASE("static fields are scaled by their own mean and unbiased deviation") {
  const auto maps = at::tensor({1.F, 2.F, 3.F, 4.F}).view({1, 2, 2});
  const auto moments = own_moments(maps);
  CHECK(moments.mean[0] == doctest::Approx(2.5));
  CHECK(moments.std[0] == doctest::Approx(1.2909944487358056));
  CHECK(normalise_by_own_moments(maps)[0][0][0].item<float>() == doctest::Approx(-1.1618950));
}

TEST_CASE("a constant static field is refused") {
  CHECK(contains(error_of([] {
                   own_moments(at::ones({2, 3, 3}));
                 }),
                 "static field 0 has mean 1 and standard deviation 0"));
}

}  // namespace
}  // namespace ladcast
