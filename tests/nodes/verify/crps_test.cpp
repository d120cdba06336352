#include "nodes/verify/crps.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "graph/error.h"

using namespace ladcast;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
using enum CrpsEstimator;

using Values = std::vector<double>;

// Random members in eighths, so that shifts by whole numbers are exact; some are equal.
Values random_members(std::mt19937& random, std::size_t count) {
  std::uniform_int_distribution<int> eighths(-40, 40);
  Values members(count);
  for (double& member : members) member = eighths(random) / 8.0;
  return members;
}

// By the definition, over all pairs.
double crps_of_pairs(const Values& members, const Values& weights, double truth, bool fair) {
  double error = 0.0, spread = 0.0, total = 0.0, squares = 0.0;
  for (std::size_t i = 0; i < members.size(); ++i) {
    total += weights[i];
    squares += weights[i] * weights[i];
    error += weights[i] * std::abs(members[i] - truth);
    for (std::size_t j = 0; j < members.size(); ++j)
      spread += weights[i] * weights[j] * std::abs(members[i] - members[j]);
  }
  return error / total - 0.5 * spread / (total * total - (fair ? squares : 0.0));
}

}  // namespace

TEST_CASE("CRPS of few members") {
  CHECK(crps(Values{0, 1}, 0, ecdf) == doctest::Approx(0.25));
  CHECK(crps(Values{0, 1}, 0, fair) == doctest::Approx(0.0));
  CHECK(crps(Values{1, 3}, 2, fair) == doctest::Approx(0.0));
  CHECK(crps(Values{4, 4, 4}, 2, ecdf) == doctest::Approx(2.0));
  CHECK(crps(Values{4, 4, 4}, 2, fair) == doctest::Approx(2.0));
  CHECK(weighted_crps(Values{0, 2}, Values{0.8, 0.2}, 1, ecdf) == doctest::Approx(0.68));
}

TEST_CASE("missing members are left out of the CRPS, which is missing where too few are left") {
  CHECK(crps(Values{1, kNan, 3}, 2, fair) == crps(Values{1, 3}, 2, fair));
  CHECK(weighted_crps(Values{1, kNan, 3}, Values{1, 5, 3}, 2, fair) ==
        weighted_crps(Values{1, 3}, Values{1, 3}, 2, fair));
  CHECK(crps(Values{5}, 2, ecdf) == doctest::Approx(3.0));
  CHECK(std::isnan(crps(Values{5}, 2, fair)));
  CHECK(std::isnan(crps(Values{5, kNan}, 2, fair)));
  CHECK(std::isnan(crps(Values{kNan, kNan}, 2, ecdf)));
  CHECK(std::isnan(crps(Values{}, 2, ecdf)));
  CHECK(std::isnan(crps(Values{1, 3}, kNan, ecdf)));
  CHECK(std::isnan(weighted_crps(Values{1, 3}, Values{0, 2}, 2, fair)));
  CHECK(std::isnan(crps_overforecast(Values{kNan}, 2)));
  CHECK(std::isnan(crps_underforecast(Values{1}, kNan)));
}

TEST_CASE("CRPS is that of all pairs, of any order of the members, and moves with them") {
  std::mt19937 random(7);
  for (int trial = 0; trial < 50; ++trial) {
    const std::size_t count = 2 + random() % 20;
    auto members = random_members(random, count);
    const double truth = random_members(random, 1)[0];
    Values weights(count, 1.0);
    for (const auto estimator : {ecdf, fair}) {
      const double score = crps(members, truth, estimator);
      CHECK(score == doctest::Approx(crps_of_pairs(members, weights, truth, estimator == fair)));
      auto shuffled = members, moved = members;
      std::shuffle(shuffled.begin(), shuffled.end(), random);
      CHECK(crps(shuffled, truth, estimator) == score);
      for (double& member : moved) member += 300.0;
      CHECK(crps(moved, truth + 300.0, estimator) == score);
    }
    const auto size = static_cast<double>(count);
    const double spread = 2.0 * size * (crps(members, truth, ecdf) - crps(members, truth, fair));
    CHECK(crps_overforecast(members, truth) + crps_underforecast(members, truth) - spread / 2.0 ==
          doctest::Approx(crps(members, truth, fair)));
    for (double& weight : weights) weight = 1.0 + static_cast<double>(random() % 5);
    for (const auto estimator : {ecdf, fair})
      CHECK(weighted_crps(members, weights, truth, estimator) ==
            doctest::Approx(crps_of_pairs(members, weights, truth, estimator == fair)));
  }
}

TEST_CASE("threshold-weighted CRPS sees one side, and both sides together are the CRPS") {
  const Values members{0, 4, 3, 7};
  CHECK(threshold_weighted_crps(members, 2, {.lower = 1}, ecdf) == doctest::Approx(1.0625));
  CHECK(threshold_weighted_crps(members, 2, {2, 5}, ecdf) == doctest::Approx(0.875));
  CHECK(threshold_weighted_crps(members, 2, {}, fair) == crps(members, 2, fair));
  CHECK(threshold_weighted_crps(members, 2, {.lower = 8}, fair) == 0.0);
  CHECK(threshold_weighted_crps(members, 2, {.lower = 3}, fair) +
            threshold_weighted_crps(members, 2, {.upper = 3}, fair) ==
        doctest::Approx(crps(members, 2, fair)));
  CHECK(std::isnan(threshold_weighted_crps(members, kNan, {.lower = 1}, ecdf)));
  CHECK_THROWS_WITH_AS(threshold_weighted_crps(members, 2, {5, 2}, ecdf),
                       "the lower limit 5 of a threshold-weighted CRPS is above the upper limit 2",
                       Error);
}

TEST_CASE("CRPS of a normal distribution") {
  CHECK(gaussian_crps(10, 2, 12) == doctest::Approx(1.20488272).epsilon(1e-8));
  CHECK(gaussian_crps(10, 0, 12) == 2.0);
  CHECK(std::isnan(gaussian_crps(10, -1, 12)));
  CHECK(std::isnan(gaussian_crps(kNan, 0, 12)));
  CHECK(std::isnan(gaussian_crps(10, kNan, 12)));
}

TEST_CASE("quantiles lie between the members, and the median's score is half the absolute error") {
  CHECK(sample_quantile(Values{3, 0, kNan, 1}, 0.5) == 1.0);
  CHECK(sample_quantile(Values{3, 0, 1}, 0.75) == 2.0);
  CHECK(sample_quantile(Values{3, 0, 1}, 0.0) == 0.0);
  CHECK(sample_quantile(Values{3, 0, 1}, 1.0) == 3.0);
  CHECK(sample_quantile(Values{3}, 0.9) == 3.0);
  CHECK(std::isnan(sample_quantile(Values{kNan}, 0.5)));
  CHECK(quantile_score(3, 5, 0.5) == 1.0);
  CHECK(quantile_score(3, 5, 0.9) == doctest::Approx(1.8));
  CHECK(quantile_score(5, 3, 0.9) == doctest::Approx(0.2));
  CHECK(std::isnan(quantile_score(kNan, 3, 0.9)));
  CHECK(std::isnan(quantile_score(3, kNan, 0.9)));
}
