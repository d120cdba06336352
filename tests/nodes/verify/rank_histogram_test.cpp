#include "nodes/verify/rank_histogram.h"

#include <doctest/doctest.h>

#include <cmath>
#include <random>

using namespace ladcast;

namespace {

using Values = std::vector<double>;

}  // namespace

TEST_CASE("tied members share a count, and a rank among fewer members is left out") {
  RankHistogram histogram(4);
  histogram.add({1, 2, 4});
  CHECK(histogram.counts() == Values{0, 1.0 / 3, 1.0 / 3, 1.0 / 3, 0});
  histogram.add({0, 0, 4});
  histogram.add({0, 0, 3});
  CHECK(histogram.counts() == Values{1, 1.0 / 3, 1.0 / 3, 1.0 / 3, 0});
}

TEST_CASE("the transform of a rank is spread over the tenths that it may lie in") {
  const auto tenths = [](const Rank& rank) {
    PitHistogram histogram;
    histogram.add(rank);
    return histogram.counts();
  };
  CHECK(tenths({0, 0, 4}) == std::array<double, 10>{0.5, 0.5});  // 0 to 0.2
  CHECK(tenths({9, 0, 9}) == std::array<double, 10>{0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
  const auto third = tenths({1, 0, 2});  // 1/3 to 2/3
  CHECK(third[2] == 0);
  CHECK(third[3] == doctest::Approx(0.2));  // 1/15 of 1/3
  CHECK(third[4] == doctest::Approx(0.3));
  CHECK(third[6] == doctest::Approx(0.2));
  CHECK(tenths({0, 2, 2}) == tenths({0, 0, 0}));  // may lie anywhere
  for (const double share : tenths({0, 0, 0})) CHECK(share == doctest::Approx(0.1));
}

TEST_CASE("the transform of a truth that is a member like any other is evenly distributed") {
  std::mt19937 random(3);
  PitHistogram histogram;
  constexpr int kDraws = 20000;
  for (int i = 0; i < kDraws; ++i) {
    const std::size_t members = 2 + random() % 20;
    histogram.add({random() % (members + 1), 0, members});
  }
  CHECK(flatness(histogram.counts()).reliability_index < 0.03);
}

TEST_CASE("a flat histogram is flat, one with full outer bins is not") {
  const Flatness flat = flatness(Values{15, 15, 15, 15});
  CHECK(flat.reliability_index == 0.0);
  CHECK(flat.outliers == 0.0);
  CHECK(flat.entropy == doctest::Approx(1.0));
  const Flatness hollow = flatness(Values{20, 10, 10, 20});
  CHECK(hollow.reliability_index == doctest::Approx(1.0 / 3.0));
  CHECK(hollow.outliers == doctest::Approx(1.0 / 6.0));
  CHECK(hollow.entropy == doctest::Approx(0.9591479170272448));
  CHECK(flatness(Values{20, 0}).entropy == 0.0);
  CHECK(std::isnan(flatness(Values{0, 0}).entropy));
  CHECK(std::isnan(flatness(Values{5}).outliers));
}

TEST_CASE("central bins hold their mass") {
  const auto odd = central_reliability(Values{2, 0, 1, 1, 6});
  CHECK(odd.mass == Values{0.1, 0.2, 1.0});
  CHECK(odd.expected == Values{0.2, 0.6, 1.0});
  const auto even = central_reliability(Values{1, 1, 5, 3});
  CHECK(even.mass == Values{0.6, 1.0});
  CHECK(even.expected == Values{0.5, 1.0});
  CHECK(std::isnan(central_reliability(Values{0, 0}).mass[0]));
}
