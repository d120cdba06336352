#include "nodes/ensemble/member_values.h"

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

std::vector<float> percentiles_of(const std::vector<Fields>& batches, std::vector<double> wanted) {
  MemberValues members;
  for (const Fields& each : batches) members.add(each);
  return members.percentiles(wanted).values;
}

}  // namespace

// numpy.percentile([15, 20, 35, 40, 50], p), numpy 2.1
TEST_CASE("percentiles are those of numpy's default method") {
  const std::vector<float> ascending{15, 20, 35, 40, 50};
  CHECK(percentile(ascending, 0) == 15);
  CHECK(percentile(ascending, 5) == 16);
  CHECK(percentile(ascending, 30) == 23);
  CHECK(percentile(ascending, 40) == 29);
  CHECK(percentile(ascending, 50) == 35);
  CHECK(percentile(ascending, 99) == doctest::Approx(49.6));
  CHECK(percentile(ascending, 100) == 50);
}

TEST_CASE("the order of members does not matter, and each point has its own") {
  const auto values =
      percentiles_of({batch({1, 2}, {3, 10, 1, 40}), batch({3}, {2, 20})}, {50, 25});
  CHECK(values == std::vector<float>{2, 20, 1.5, 15});
}

TEST_CASE("all channels of the first percentile come first, and say what they are") {
  MemberValues members;
  members.add({Grid{{0}, {0}},
               {{"2m_temperature", {}, "K"}, {"mean_sea_level_pressure", {}, "Pa"}},
               Time{},
               {6},
               {1, 2},
               false,
               {1, 10, 3, 30}});
  const Fields result = members.percentiles({0, 100});
  CHECK(result.values == std::vector<float>{1, 10, 3, 30});
  CHECK(result.members == std::vector<int>{0});
  CHECK(to_string(result.channels[0]) == "2m_temperature, percentile 0");
  CHECK(to_string(result.channels[1]) == "mean_sea_level_pressure, percentile 0");
  CHECK(to_string(result.channels[2]) == "2m_temperature, percentile 100");
  CHECK(result.channels[3].units == "Pa");
}

TEST_CASE("missing members are left out at each point") {
  const auto values =
      percentiles_of({batch({1, 2, 3}, {kMissing, kMissing, 4, kMissing, 8, kMissing})}, {50, 100});
  CHECK(values[0] == 6);
  CHECK(std::isnan(values[1]));
  CHECK(values[2] == 8);
  CHECK(std::isnan(values[3]));
}

TEST_CASE("of one member all percentiles are its value") {
  CHECK(percentiles_of({batch({1}, {3, 4})}, {0, 37, 100}) == std::vector<float>{3, 4, 3, 4, 3, 4});
}

TEST_CASE("percentiles do not depend on how members are split into batches") {
  const auto at_once =
      percentiles_of({batch({1, 2, 3}, {0.1F, 280.3F, 0.7F, 281.9F, 0.9F, 279.2F})}, {10, 33.3});
  const auto one_by_one = percentiles_of(
      {batch({1}, {0.1F, 280.3F}), batch({2, 3}, {0.7F, 281.9F, 0.9F, 279.2F})}, {10, 33.3});
  CHECK(at_once == one_by_one);
}

TEST_CASE("members of another time are refused") {
  MemberValues members;
  members.add(batch({1}, {1, 2}));
  Fields other = batch({2}, {1, 2});
  other.lead_hours = {12};
  CHECK(error_of([&] { members.add(other); }) ==
        "members 2 differ in grid, channels, times or scaling from those before them");
}
