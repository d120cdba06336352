#include <ATen/ATen.h>
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "graph/harness.h"
#include "nodes/train/samples.h"

namespace ladcast {
namespace {

Samples batch_of(int repeat) {
  Samples samples;
  samples.values = at::arange(2 * 3 * 1 * 4 * 8, at::kFloat).view({2, 3, 1, 4, 8});
  samples.missing = samples.values.remainder(5) == 0;
  samples.statics = at::arange(2 * 4 * 8, at::kFloat).view({1, 2, 4, 8});
  samples.weights = at::arange(1, 5, at::kFloat).view({1, 1, 4, 1});
  samples.times = {Time{}, Time{}};
  samples.repeat = repeat;
  return samples;
}

Samples turned(Samples samples, const std::string& latitude, const std::string& when, int seed) {
  return Harness("augment")
      .plan(fmt::format("iterations = 1\nseed = {}", seed))
      .set("latitude", latitude)
      .set("when", when)
      .put("samples", std::move(samples))
      .get<Samples>("turned");
}

TEST_CASE("a turn moves values, missing points and static fields alike") {
  const auto before = batch_of(0);
  for (int seed = 1; seed < 5; ++seed) {
    const auto after = turned(batch_of(0), "false", "\"always\"", seed);
    for (std::int64_t i = 0; i < 2; ++i) {
      const auto shift = static_cast<std::int64_t>(
          at::remainder(after.values[i][0][0][0][0] - before.values[i][0][0][0][0], 8)
              .item<float>());
      const auto roll = [shift](const at::Tensor& x) { return x.roll({-shift}, {-1}); };
      CHECK(at::equal(after.values[i], roll(before.values[i])));
      CHECK(at::equal(after.missing[i], roll(before.missing[i])));
      CHECK(at::equal(after.statics[i], roll(before.statics[0])));
    }
    CHECK(at::equal(after.weights, before.weights));
  }
}

TEST_CASE("windows of a batch turn differently") {
  // Both windows have one value in each column.
  auto samples = batch_of(0);
  samples.values = at::arange(8, at::kFloat).expand({2, 3, 1, 4, 8}).clone();
  bool differ = false;
  for (int seed = 1; seed < 8; ++seed) {
    const auto after = turned(samples, "false", "\"always\"", seed).values;
    differ = differ || !at::equal(after[0], after[1]);
  }
  CHECK(differ);
}

TEST_CASE("seeds turn windows differently") {
  const auto one = turned(batch_of(0), "false", "\"always\"", 1);
  bool differ = false;
  for (int seed = 2; seed < 8; ++seed)
    differ =
        differ || !at::equal(one.values, turned(batch_of(0), "false", "\"always\"", seed).values);
  CHECK(differ);
  CHECK(at::equal(one.values, turned(batch_of(0), "false", "\"always\"", 1).values));
}

TEST_CASE("rows turn with their weights") {
  for (int seed = 1; seed < 8; ++seed) {
    const auto after = turned(batch_of(0), "true", "\"always\"", seed);
    REQUIRE(after.weights.sizes() == at::IntArrayRef({2, 1, 4, 1}));
    // A value's row, which its number tells, has the weight of that row wherever it is now.
    const auto row = at::floor(at::remainder(after.values.select(1, 0).select(1, 0), 32) / 8);
    CHECK(at::equal(row.select(2, 0) + 1, after.weights.squeeze(3).squeeze(1)));
  }
}

TEST_CASE("where only repeats turn, the first time is left as it is") {
  CHECK(at::equal(turned(batch_of(0), "true", "\"repeats\"", 1).values, batch_of(0).values));
  bool moved = false;
  for (int seed = 1; seed < 8; ++seed)
    moved = moved ||
            !at::equal(turned(batch_of(1), "true", "\"repeats\"", seed).values, batch_of(1).values);
  CHECK(moved);
}

}  // namespace
}  // namespace ladcast
