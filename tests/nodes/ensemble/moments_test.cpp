#include "nodes/ensemble/moments.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "tests/nodes/error_message.h"

using namespace ladcast;

namespace {

constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();

// Members of one channel, one lead and two points.
Fields batch(std::vector<int> members, std::vector<float> values) {
  return {
      Grid{{0}, {0, 180}}, {{"2m_temperature", {}, "K"}}, Time{}, {6}, std::move(members), false,
      std::move(values)};
}

}  // namespace

TEST_CASE("mean and deviation over two batches are those of all members") {
  MemberMoments moments;
  moments.add(batch({1, 2}, {1, 10, 2, 10}));
  moments.add(batch({3}, {6, 10}));
  CHECK(moments.mean().values == std::vector<float>{3, 10});
  CHECK(moments.standard_deviation().values[0] == doctest::Approx(std::sqrt(7.0)));
  CHECK(moments.standard_deviation().values[1] == 0.0F);
  CHECK(moments.mean().members == std::vector<int>{0});
  CHECK(moments.mean().lead_hours == std::vector<int>{6});
}

TEST_CASE("bits do not depend on how members are split into batches") {
  MemberMoments at_once;
  at_once.add(batch({1, 2, 3}, {0.1F, 280.3F, 0.7F, 281.9F, 0.9F, 279.2F}));
  MemberMoments one_by_one;
  one_by_one.add(batch({1}, {0.1F, 280.3F}));
  one_by_one.add(batch({2, 3}, {0.7F, 281.9F, 0.9F, 279.2F}));
  CHECK(at_once.mean().values == one_by_one.mean().values);
  CHECK(at_once.standard_deviation().values == one_by_one.standard_deviation().values);
}

TEST_CASE("missing members are left out at each point") {
  MemberMoments moments;
  moments.add(batch({1, 2, 3}, {kMissing, kMissing, 4, kMissing, 8, 5}));
  CHECK(moments.mean().values == std::vector<float>{6, 5});
  CHECK(moments.standard_deviation().values[0] == doctest::Approx(std::sqrt(8.0)));
  CHECK(std::isnan(moments.standard_deviation().values[1]));
}

TEST_CASE("a point where all members are missing is missing") {
  MemberMoments moments;
  moments.add(batch({1}, {kMissing, 1}));
  CHECK(std::isnan(moments.mean().values[0]));
}

TEST_CASE("the deviation of large values close together is exact") {
  MemberMoments moments;
  moments.add(batch({1, 2, 3}, {1e7F + 1, 0, 1e7F + 2, 0, 1e7F + 3, 0}));
  CHECK(moments.standard_deviation().values[0] == 1.0F);
}

TEST_CASE("fields of another time are refused") {
  MemberMoments moments;
  moments.add(batch({1}, {1, 2}));
  Fields other = batch({2, 3}, {1, 2, 3, 4});
  other.lead_hours = {12};
  CHECK(error_of([&] { moments.add(other); }) ==
        "members 2, 3 differ in grid, channels, times or scaling from those before them");
}
