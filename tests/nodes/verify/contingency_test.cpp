#include "nodes/verify/contingency.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "graph/error.h"
#include "nodes/verify/roc.h"

using namespace ladcast;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();
using Values = std::vector<double>;

}  // namespace

TEST_CASE("Finley's tornado forecasts of 1884 have their known scores") {
  const ContingencyTable table{28, 23, 72, 2680};
  const double expected[] = {28.0 / 51,
                             0.72,
                             72.0 / 2752,
                             0.28,
                             28.0 / 123,
                             0.21604562088386045,
                             0.35532486145845704,
                             0.5228568171454628,
                             2680.0 * 28 / (23 * 72),
                             0.9568165223740482,
                             100.0 / 51,
                             0.7528041895877162};
  std::size_t next = 0;
  for (const auto& [name, value] : contingency_scores()) {
    INFO(name);
    CHECK((table.*value)() == doctest::Approx(expected[next++]).epsilon(1e-12));
  }
  CHECK(next == 12);
}

TEST_CASE("cases are counted where both values are there") {
  ContingencyTable table, other;
  table.add(1, 1);
  table.add(0, 1, 2.0);
  table.add(1, 0, 3.0);
  table.add(0, 0, 4.0);
  table.add(kNan, 1);
  other.add(0, kNan);
  other.add(1, 1, 0.5);
  table.merge(other);
  CHECK(table.hits == 1.5);
  CHECK(table.misses == 2.0);
  CHECK(table.false_alarms == 3.0);
  CHECK(table.correct_negatives == 4.0);
}

TEST_CASE("scores of an empty table, or without events, are missing") {
  for (const auto& [name, value] : contingency_scores()) {
    INFO(name);
    CHECK(std::isnan((ContingencyTable{}.*value)()));
  }
  const ContingencyTable quiet{0, 0, 0, 100};
  CHECK(std::isnan(quiet.pod()));
  CHECK(quiet.pofd() == 0.0);
  CHECK(std::isnan(quiet.critical_success_index()));
}

TEST_CASE("the ROC curve warns from each threshold on") {
  const auto curve = roc_curve(Values{0.1, 0.4, 0.3, 0.9}, Values{0, 0, 1, 1});
  CHECK(curve.thresholds == Values{0.0, 0.1, 0.3, 0.4, 0.9, kInfinity});
  CHECK(curve.pod == Values{1, 1, 1, 0.5, 0.5, 0});
  CHECK(curve.pofd == Values{1, 1, 0.5, 0.5, 0, 0});
  CHECK(curve.area() == doctest::Approx(0.75));
  const auto unsorted = roc_curve(Values{0.1, kNan, 0.3, 0.9}, Values{0, 0, 1, kNan}, {1.0, 0.3});
  CHECK(unsorted.thresholds == Values{0.0, 0.3, 1.0, kInfinity});
  CHECK(unsorted.pod == Values{1, 1, 0, 0});
  CHECK(unsorted.pofd == Values{1, 0, 0, 0});
  CHECK(std::isnan(roc_curve(Values{0.1}, Values{0}).area()));
  CHECK(std::isnan(roc_curve(Values{}, Values{}).area()));
  CHECK_THROWS_WITH_AS(roc_curve(Values{0.1}, Values{}),
                       "1 probabilities cannot be compared with 0 outcomes", Error);
}

TEST_CASE("the area under the ROC curve is the part of pairs in the right order") {
  std::mt19937 random(9);
  Values probabilities, outcomes;
  for (int i = 0; i < 60; ++i) {
    probabilities.push_back(static_cast<double>(random() % 11) / 10.0);
    outcomes.push_back(static_cast<double>(random() % 10) < 10 * probabilities.back() ? 1.0 : 0.0);
  }
  double right = 0.0, pairs = 0.0;
  for (std::size_t i = 0; i < 60; ++i)
    for (std::size_t j = 0; j < 60; ++j) {
      if (outcomes[i] == 0.0 || outcomes[j] != 0.0) continue;
      pairs += 1.0;
      right += probabilities[i] > probabilities[j]    ? 1.0
               : probabilities[i] == probabilities[j] ? 0.5
                                                      : 0.0;
    }
  CHECK(roc_curve(probabilities, outcomes).area() == doctest::Approx(right / pairs));
}
