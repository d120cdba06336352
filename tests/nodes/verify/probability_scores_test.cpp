#include "nodes/verify/probability_scores.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "nodes/verify/angular_difference.h"
#include "nodes/verify/crps.h"

using namespace ladcast;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
using Values = std::vector<double>;
using enum EnsembleEstimator;

}  // namespace

TEST_CASE("Brier and logarithmic score of a probability") {
  CHECK(brier_score(0.271, 0) == doctest::Approx(0.073441));
  CHECK(log_score(0.481, 0) == doctest::Approx(0.6558514));
  CHECK(log_score(0.25, 1) == doctest::Approx(std::log(4.0)));
  CHECK(std::isinf(log_score(0.0, 1)));
  CHECK(std::isnan(brier_score(kNan, 1)));
  CHECK(std::isnan(log_score(0.5, kNan)));
}

TEST_CASE("a value on the threshold is an event for >= alone") {
  const Values members{0, 1, 1, 4};
  CHECK(count_events(members, Comparison::above, 1).events == 1);
  CHECK(count_events(members, Comparison::at_least, 1).events == 3);
  CHECK(count_events(members, Comparison::below, 1).events == 1);
  CHECK(count_events(members, Comparison::at_most, 1).events == 3);
  CHECK(brier_score(members, 1, Comparison::above, 1, plain) == doctest::Approx(0.0625));
  CHECK(brier_score(members, 1, Comparison::at_least, 1, plain) == doctest::Approx(0.0625));
  CHECK(brier_score(members, 4, Comparison::above, 1, plain) == doctest::Approx(0.5625));
}

TEST_CASE("the fair Brier score of M members is less by p (1 - p) / (M - 1)") {
  const Values members{0, 4, 3, 7};
  CHECK(brier_score(members, 0, Comparison::at_least, 1, plain) == doctest::Approx(0.5625));
  CHECK(brier_score(members, 0, Comparison::at_least, 1, fair) == doctest::Approx(0.5));
  CHECK(brier_score(Values{0, kNan, 4, 3, 7}, 0, Comparison::at_least, 1, fair) ==
        doctest::Approx(0.5));
  CHECK(brier_score(Values{0, kNan}, 4, Comparison::at_least, 1, fair) == 1.0);
  CHECK(std::isnan(brier_score(Values{kNan}, 4, Comparison::above, 1, fair)));
  CHECK(std::isnan(brier_score(members, kNan, Comparison::above, 1, plain)));
  CHECK(std::isnan(brier_score(members, 4, Comparison::above, kNan, plain)));
}

TEST_CASE("Brier score of a normal distribution") {
  CHECK(gaussian_brier_score(1.02, 1.02, 1.0, 1.0) == doctest::Approx(0.257883).epsilon(1e-5));
  CHECK(gaussian_brier_score(0.0, 1.0, 2.0, 0.0) == doctest::Approx(0.25));
  CHECK(std::isnan(gaussian_brier_score(0.0, 0.0, 2.0, 0.0)));
  CHECK(std::isnan(gaussian_brier_score(0.0, 1.0, kNan, 0.0)));
}

TEST_CASE("ranked probability score of categories and of members") {
  CHECK(ranked_probability_score(Values{0.2, 0.3, 0.5}, Values{1, 0, 0}) == doctest::Approx(0.89));
  CHECK(std::isnan(ranked_probability_score(Values{0.2, kNan, 0.5}, Values{1, 0, 0})));
  const Values members{0.1, 0.3, 0.3, 0.4, 0.9}, limits{0.2, 0.4, 0.6, 0.8};
  const auto rps = [&](double truth, Comparison cdf, EnsembleEstimator estimator) {
    return ranked_probability_score(members, truth, cdf, limits, estimator);
  };
  CHECK(rps(0.1, Comparison::at_most, plain) == doctest::Approx(0.76));
  CHECK(rps(0.1, Comparison::at_most, fair) == doctest::Approx(0.6));
  CHECK(rps(0.1, Comparison::below, plain) == doctest::Approx(0.64 + 0.16 + 0.04 + 0.04));
  CHECK(std::isnan(rps(kNan, Comparison::at_most, plain)));
  CHECK(std::isnan(ranked_probability_score(Values{0.1}, 0.1, Comparison::at_most, limits, fair)));
}

TEST_CASE("summed over limits a unit apart the Brier score of whole numbers is their CRPS") {
  std::mt19937 random(11);
  Values limits;
  for (int i = 0; i < 10; ++i) limits.push_back(i + 0.5);
  for (int trial = 0; trial < 30; ++trial) {
    Values members(2 + random() % 9);
    for (double& member : members) member = static_cast<double>(random() % 11);
    const auto truth = static_cast<double>(random() % 11);
    CHECK(ranked_probability_score(members, truth, Comparison::at_most, limits, plain) ==
          doctest::Approx(crps(members, truth, CrpsEstimator::ecdf)));
    CHECK(ranked_probability_score(members, truth, Comparison::at_most, limits, fair) ==
          doctest::Approx(crps(members, truth, CrpsEstimator::fair)));
  }
}

TEST_CASE("directions differ by the shorter arc") {
  CHECK(angular_difference(350, 10) == 20.0);
  CHECK(angular_difference(10, 350) == 20.0);
  CHECK(angular_difference(90, 270) == 180.0);
  CHECK(angular_difference(-45, 675) == 0.0);
  CHECK(std::isnan(angular_difference(kNan, 10)));
}
