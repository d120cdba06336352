#include "nodes/ladcast/sphere_conv.h"

#include <ATen/ATen.h>
#include <doctest/doctest.h>

#include "tests/nodes/error_message.h"
#include "tests/nodes/ladcast/fixtures.h"

namespace ladcast {
namespace {

SphereConv with_weight(const at::Tensor& weight, std::int64_t groups = 1) {
  SphereConv conv;
  const VisitTensor visit = [&](const std::string&, const Sizes&, at::Tensor& slot) {
    slot = weight;
  };
  conv.describe(Scope(visit), weight.size(1) * groups, weight.size(0), weight.size(2), groups,
                false);
  conv.prepare();
  return conv;
}

TEST_CASE("beyond a pole lies the same row, half a circle away") {
  const auto x = at::arange(12, at::TensorOptions(at::kFloat)).view({1, 1, 3, 4});
  const auto padded = sphere_pad(x, 1)[0][0];
  CHECK(at::equal(padded[0], at::tensor({1.F, 2.F, 3.F, 0.F, 1.F, 2.F})));
  CHECK(at::equal(padded[1], at::tensor({3.F, 0.F, 1.F, 2.F, 3.F, 0.F})));
  CHECK(at::equal(padded[4], at::tensor({9.F, 10.F, 11.F, 8.F, 9.F, 10.F})));
}

TEST_CASE("two rows beyond a pole are mirrored") {
  const auto x = at::arange(12, at::TensorOptions(at::kFloat)).view({1, 1, 3, 4});
  const auto padded = sphere_pad(x, 2)[0][0];
  CHECK(at::equal(padded[0].slice(0, 2, 6), at::tensor({6.F, 7.F, 4.F, 5.F})));
  CHECK(at::equal(padded[1].slice(0, 2, 6), at::tensor({2.F, 3.F, 0.F, 1.F})));
}

TEST_CASE("kernel rows beyond a pole look at it from the other side") {
  // A kernel that picks the neighbour to the north-east: beyond the pole east and west change
  // places.
  auto weight = at::zeros({1, 1, 3, 3});
  weight[0][0][0][2] = 1.0F;  // row above, column to the right
  const auto x = at::arange(12, at::TensorOptions(at::kFloat)).view({1, 1, 3, 4});
  const auto y = with_weight(weight)(x)[0][0];
  CHECK(at::equal(
      y[0], at::tensor({1.F, 2.F, 3.F, 0.F})));  // first row: the flipped kernel takes the left
  CHECK(
      at::equal(y[1], at::tensor({1.F, 2.F, 3.F, 0.F})));  // other rows: the right neighbour above
  CHECK(at::equal(y[2], at::tensor({5.F, 6.F, 7.F, 4.F})));
}

TEST_CASE("both memory layouts give one result") {
  const auto x = at::randn({2, 6, 5, 8});
  const auto conv = with_weight(at::randn({6, 1, 5, 5}), 6);
  CHECK(test::relative_error(conv(x.contiguous(at::MemoryFormat::ChannelsLast)), conv(x)) < 2e-6);
}

TEST_CASE("maps that cannot be continued are refused") {
  const auto conv = with_weight(at::ones({1, 1, 3, 3}));
  CHECK(contains(error_of([&] { conv(at::ones({1, 1, 2, 4})); }), "at least 3 rows, not 2"));
  CHECK(contains(error_of([&] { conv(at::ones({1, 1, 4, 5})); }), "the width must be even"));
}

}  // namespace
}  // namespace ladcast
