#include "nodes/verify/reliability.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <random>

#include "graph/error.h"
#include "nodes/verify/isotonic_regression.h"

using namespace ladcast;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
using Values = std::vector<double>;

}  // namespace

TEST_CASE("a Brier score is reliability less resolution plus uncertainty") {
  auto diagram = ReliabilityDiagram::even(2);
  diagram.add(0.2, 0);
  diagram.add(0.2, 1);
  diagram.add(0.8, 1);
  diagram.add(0.8, 1);
  diagram.add(kNan, 1);
  diagram.add(0.3, kNan);
  CHECK(diagram.bins()[0].count == 2);
  CHECK(diagram.bins()[1].probability == doctest::Approx(1.6));
  const BrierParts parts = diagram.parts();
  CHECK(parts.brier == doctest::Approx(0.19));
  CHECK(parts.reliability == doctest::Approx(0.065));
  CHECK(parts.resolution == doctest::Approx(0.0625));
  CHECK(parts.uncertainty == doctest::Approx(0.1875));
  CHECK(parts.within == doctest::Approx(0.0));
  CHECK(parts.skill() == doctest::Approx(1.0 - 0.19 / 0.1875));
}

TEST_CASE("bins hold their lower edge, the last one both") {
  auto diagram = ReliabilityDiagram::even(5);
  for (const double probability : {0.0, 0.2, 0.4, 0.6, 0.8, 1.0}) diagram.add(probability, 1);
  for (std::size_t bin = 0; bin < 5; ++bin) CHECK(diagram.bins()[bin].count == (bin == 4 ? 2 : 1));
  diagram.add(1.0 + 1e-12, 1);
  CHECK(diagram.bins()[4].count == 3);
  CHECK_THROWS_WITH_AS(diagram.add(1.2, 0),
                       "a probability of 1.2 cannot be verified: it must be from 0 to 1", Error);
}

TEST_CASE("with a bin for each number of members nothing is left within bins") {
  std::mt19937 random(5);
  auto all = ReliabilityDiagram::of_members(7), first = all, second = all;
  for (int i = 0; i < 500; ++i) {
    const double probability = static_cast<double>(random() % 8) / 7.0;
    const double outcome = random() % 3 == 0 ? 1.0 : 0.0;
    const double weight = 0.5 + static_cast<double>(random() % 4);
    all.add(probability, outcome, weight);
    (i < 200 ? first : second).add(probability, outcome, weight);
  }
  for (const auto& bin : all.bins()) CHECK(bin.count > 0);
  const BrierParts parts = all.parts();
  CHECK(std::abs(parts.within) < 1e-12);
  first.merge(second);
  CHECK(first.parts().reliability == doctest::Approx(parts.reliability));
  CHECK(first.parts().brier == doctest::Approx(parts.brier));
}

TEST_CASE("without pairs, or without both outcomes, there is no reliability or no skill") {
  auto diagram = ReliabilityDiagram::even(5);
  CHECK(std::isnan(diagram.parts().brier));
  CHECK(std::isnan(diagram.parts().reliability));
  CHECK(std::isnan(diagram.parts().skill()));
  diagram.add(0.1, 0);
  CHECK(diagram.parts().brier == doctest::Approx(0.01));
  CHECK(std::isnan(diagram.parts().skill()));
}

TEST_CASE("the isotonic fit pools what descends") {
  CHECK(isotonic_regression(Values{1, 2, 3, 0, 5, 4, 1, 7}, Values{1, 1, 1, 1, 2, 1, 1, 1}) ==
        Values{1, 5.0 / 3, 5.0 / 3, 5.0 / 3, 3.75, 3.75, 3.75, 7});
  CHECK(isotonic_regression(Values{3, 2, 1}) == Values{2, 2, 2});
  CHECK(isotonic_regression(Values{}) == Values{});
  const auto fit = isotonic_regression(Values{kNan, 3, kNan, 1, 4});
  CHECK(std::isnan(fit[0]));
  CHECK(std::isnan(fit[2]));
  CHECK(fit[1] == 2.0);
  CHECK(fit[3] == 2.0);
  CHECK(fit[4] == 4.0);
  CHECK_THROWS_WITH_AS(isotonic_regression(Values{1, 2}, Values{1}),
                       "2 values of an isotonic regression have 1 weights", Error);
  CHECK_THROWS_WITH_AS(isotonic_regression(Values{1}, Values{0}),
                       "weight 0 of an isotonic regression is not positive", Error);
}
