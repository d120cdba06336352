#include "nodes/verify/rank_histogram.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <random>

#include "graph/error.h"

using namespace ladcast;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
using Values = std::vector<double>;

}  // namespace

TEST_CASE("the rank counts members below the truth and those equal to it") {
  const auto rank = rank_of(Values{3, 1, kNan, 2, 2}, 2);
  REQUIRE(rank);
  CHECK(rank->below == 1);
  CHECK(rank->tied == 2);
  CHECK(rank->members == 4);
  CHECK_FALSE(rank_of(Values{1, 2}, kNan));
  CHECK_FALSE(rank_of(Values{kNan}, 1));
}

TEST_CASE("tied members share a count, or one bin of theirs is drawn") {
  RankHistogram shared(4), drawn(4);
  const Rank rank{1, 2, 4};
  shared.add(rank, 3.0);
  CHECK(shared.counts() == Values{0, 1, 1, 1, 0});
  for (const double uniform : {0.0, 0.32, 0.34, 0.67, 0.9999999999999999})
    drawn.add_random(rank, uniform);
  CHECK(drawn.counts() == Values{0, 2, 1, 2, 0});
  shared.merge(drawn);
  CHECK(shared.counts() == Values{0, 3, 2, 3, 0});
  shared.add({0, 0, 3});
  CHECK(shared.counts() == Values{0, 3, 2, 3, 0});
}

TEST_CASE("the probability integral transform lies in the bin of the rank") {
  CHECK(probability_integral_transform({0, 0, 4}, 0.0) == 0.0);
  CHECK(probability_integral_transform({4, 0, 4}, 0.5) == doctest::Approx(0.9));
  CHECK(probability_integral_transform({1, 2, 4}, 0.5) == doctest::Approx(0.5));
  CHECK(gaussian_probability_integral_transform(2, 1, 2) == doctest::Approx(0.5));
  CHECK(gaussian_probability_integral_transform(0, 1, 1.959963984540054) == doctest::Approx(0.975));
  CHECK(std::isnan(gaussian_probability_integral_transform(0, 0, 1)));
}

TEST_CASE("bins are merged evenly") {
  CHECK(merged_bins(Values{1, 2, 3, 4, 5, 6}, 3) == Values{3, 7, 11});
  CHECK_THROWS_WITH_AS(merged_bins(Values{1, 2, 3}, 2),
                       "3 bins of a rank histogram cannot be merged to 2: that must divide them",
                       Error);
}

TEST_CASE("a flat histogram is flat, one with full outer bins is not") {
  const Flatness flat = flatness(Values{15, 15, 15, 15});
  CHECK(flat.reliability_index == 0.0);
  CHECK(flat.outliers == 0.0);
  CHECK(flat.entropy == doctest::Approx(1.0));
  CHECK(flat.chi_square == 0.0);
  CHECK(flat.probability == 1.0);
  const Flatness hollow = flatness(Values{20, 10, 10, 20});
  CHECK(hollow.reliability_index == doctest::Approx(1.0 / 3.0));
  CHECK(hollow.outliers == doctest::Approx(1.0 / 6.0));
  CHECK(hollow.entropy == doctest::Approx(0.9591479170272448));
  CHECK(hollow.chi_square == doctest::Approx(20.0 / 3.0));
  CHECK(hollow.probability == doctest::Approx(0.08331630551120188));
  CHECK(flatness(Values{20, 0}).entropy == 0.0);
  CHECK(std::isnan(flatness(Values{0, 0}).chi_square));
  CHECK(std::isnan(flatness(Values{5}).probability));
}

TEST_CASE("the flatness test refuses a reliable ensemble as often as it says") {
  std::mt19937 random(3);
  int refused = 0;
  for (int trial = 0; trial < 1000; ++trial) {
    RankHistogram histogram(9);
    for (int i = 0; i < 200; ++i) histogram.add({random() % 10, 0, 9});
    if (flatness(histogram.counts()).probability < 0.05) ++refused;
  }
  CHECK(refused > 25);
  CHECK(refused < 75);
}

TEST_CASE("chi-square probabilities are those of the tables") {
  CHECK(chi_square_survival(3.841458820694124, 1) == doctest::Approx(0.05).epsilon(1e-12));
  CHECK(chi_square_survival(18.307038053275146, 10) == doctest::Approx(0.05).epsilon(1e-12));
  CHECK(chi_square_survival(2.0, 2) == doctest::Approx(std::exp(-1.0)).epsilon(1e-12));
  CHECK(chi_square_survival(100.0, 2) == doctest::Approx(std::exp(-50.0)).epsilon(1e-12));
  CHECK(chi_square_survival(0.0, 5) == 1.0);
  CHECK(chi_square_survival(1e6, 5) == 0.0);
  CHECK(std::isnan(chi_square_survival(kNan, 5)));
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
