// The stage that makes several analyses of one.
#include <ATen/ATen.h>
#include <doctest/doctest.h>

#include "graph/harness.h"
#include "nodes/values/latent.h"
#include "tests/nodes/error_message.h"

namespace ladcast {
namespace {

Latent analysis(int members) {
  Latent latent{at::zeros({members, 64, 1, 8, 16}), parse_time("2002-01-11T00"), {0}, {}};
  for (int member = 0; member < members; ++member) {
    latent.values[member].fill_(10 * member);
    latent.members.push_back(members == 1 ? 0 : member + 1);
  }
  return latent;
}

Latent perturbed(int had, const std::string& members, const std::string& deviation,
                 const std::string& plan = "seed = 1") {
  return Harness("perturb")
      .set("model", "\"small-planet\"")
      .set("members", members)
      .set("deviation", deviation)
      .plan(plan)
      .put("analysis", analysis(had))
      .get<Latent>("perturbed");
}

TEST_CASE("analyses differ by noise of the wanted deviation") {
  const auto made = perturbed(1, "3", "0.05");
  REQUIRE(made.values.sizes() == at::IntArrayRef({3, 64, 1, 8, 16}));
  CHECK(made.members == std::vector<int>{1, 2, 3});
  for (int member = 0; member < 3; ++member)
    CHECK(made.values[member].std().item<double>() == doctest::Approx(0.05).epsilon(0.03));
  CHECK_FALSE(at::equal(made.values[0], made.values[1]));
}

TEST_CASE("the noise of a member depends on the seed and not on how many there are") {
  CHECK(at::equal(perturbed(1, "3", "0.05").values[1], perturbed(1, "2", "0.05").values[1]));
  CHECK_FALSE(
      at::equal(perturbed(1, "2", "0.05").values, perturbed(1, "2", "0.05", "seed = 2").values));
}

TEST_CASE("members of the analysis come in turn") {
  const auto made = perturbed(2, "4", "0.0");
  CHECK(made.values[2].max().item<double>() == 0.0);
  CHECK(made.values[3].min().item<double>() == 10.0);
  CHECK(contains(error_of([] { perturbed(2, "3", "0.0"); }), "3 analyses cannot be made of 2"));
}

}  // namespace
}  // namespace ladcast
