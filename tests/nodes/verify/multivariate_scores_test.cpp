#include "nodes/verify/multivariate_scores.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <random>

#include "graph/error.h"

using namespace ladcast;

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

using Vectors = std::vector<std::vector<double>>;
std::vector<std::span<const double>> views(const Vectors& vectors) {
  return {vectors.begin(), vectors.end()};
}

const Vectors kMembers{{0.35, 0.82, 0.33, -1.3},    {0.91, 0.45, -0.54, 0.58},
                       {0.36, 0.29, 0.03, 0.55},    {-0.74, -0.16, -0.48, 0.6},
                       {0.04, -0.29, -0.78, -0.26}, {0.01, -0.28, 1.29, 1.01}};
const std::vector<double> kTruth{-2.71, -1.89, -0.17, -0.42};

doctest::Approx near(double value) { return doctest::Approx(value).epsilon(1e-12); }

}  // namespace

// Literal numbers: scoringrules 0.10.
TEST_CASE("the energy score has five estimators") {
  const auto members = views(kMembers);
  const auto value = [&](EnergyEstimator estimator) {
    return energy_score(members, kTruth, estimator).value();
  };
  CHECK(value(EnergyEstimator::all_pairs) == near(2.9732783871560238));
  CHECK(value(EnergyEstimator::fair) == near(2.8218568782418156));
  CHECK(value(EnergyEstimator::adjacent) == near(2.8412875202576013));
  CHECK(value(EnergyEstimator::adjacent_circular) == near(2.818798893314631));
  const std::vector<double> weights{3, 1, 1, 2, 2, 1};
  CHECK(energy_score(members, kTruth, EnergyEstimator::all_pairs, weights).value() ==
        near(2.917278246709649));
  CHECK(energy_score(members, kTruth, EnergyEstimator::fair, weights).value() ==
        near(2.724649090093294));
  CHECK(parse_energy_estimator("fair") == EnergyEstimator::fair);
  CHECK_THROWS_WITH_AS(parse_energy_estimator("akr"), doctest::Contains("'akr'"), Error);
}

// Literal numbers: scoringrules 0.10.
TEST_CASE("the variogram score for three powers") {
  const auto members = views(kMembers);
  struct Known {
    double p, all_pairs, fair;
  };
  const Known known[] = {{0.5, 3.8548106834975835, 3.6131214284850137},
                         {1, 15.531394444444443, 14.890333333333333},
                         {2, 115.95330401277779, 113.62446562800001}};
  for (const auto& [p, all_pairs, fair] : known) {
    CHECK(variogram_score(members, kTruth, {.p = p}) == near(all_pairs));
    CHECK(variogram_score(members, kTruth, {.p = p, .fair = true}) == near(fair));
  }
  const std::vector<double> weights{0.2, 0.3, 1.3, 1.15, 0.3,  2.0, 1.1, 0.7,
                                    1.3, 1.1, 0.2, 0.1,  1.15, 0.7, 0.1, 0.9};
  CHECK(variogram_score(members, kTruth, {.p = 0.5, .fair = true, .pair_weights = weights}) ==
        near(3.7206380104678205));
}

// Literal numbers: scoringrules 0.10.
TEST_CASE("error-spread and Dawid-Sebastiani score") {
  std::vector<double> roots;
  for (int i = 0; i <= 10; ++i) roots.push_back(std::sqrt(i));
  CHECK(error_spread_score(roots, 0.5) == near(1.7942340506674845));
  CHECK(dawid_sebastiani(views(kMembers), kTruth) == near(35.80666067).epsilon(1e-9));
  Vectors single;
  for (const double root : roots) single.push_back({root});
  const std::vector<double> truth{0.5};
  CHECK(dawid_sebastiani(views(single), truth, 1) == near(2.5193189051211067));
  CHECK(dawid_sebastiani(views(single), truth, 0) == near(2.6852953139967606));
}

TEST_CASE("the error-spread score has the M-th part of the skewness that the paper has") {
  const std::vector<double> members{0, 0, 0, 4};  // of mean 1, variance 4 and sum of cubes 24
  const double s_g = 24.0 / (4.0 * 3 * 2);
  CHECK(error_spread_score(members, 0) == near((4 - 1 - s_g) * (4 - 1 - s_g)));
}

TEST_CASE("the scores do not depend on the order of members, a shift moves none of them") {
  Vectors other{kMembers[3], kMembers[5], kMembers[0], kMembers[1], kMembers[4], kMembers[2]};
  auto truth = kTruth;
  for (auto& member : other)
    for (auto& value : member) value += 280.0;
  for (auto& value : truth) value += 280.0;
  const auto before = views(kMembers), after = views(other);
  const auto close = [](double value) { return doctest::Approx(value).epsilon(1e-9); };
  CHECK(energy_score(after, truth, EnergyEstimator::fair).value() ==
        close(energy_score(before, kTruth, EnergyEstimator::fair).value()));
  CHECK(variogram_score(after, truth, {.fair = true}) ==
        close(variogram_score(before, kTruth, {.fair = true})));
  CHECK(dawid_sebastiani(after, truth) == close(dawid_sebastiani(before, kTruth)));
}

TEST_CASE("a member that misses a number is left out, a truth that does gives no score") {
  auto gap = kMembers;
  gap.push_back({0.0, kNaN, 0.0, 0.0});
  const auto all = views(gap), whole = views(kMembers);
  const auto fair = EnergyEstimator::fair;
  CHECK(energy_score(all, kTruth, fair).value() == energy_score(whole, kTruth, fair).value());
  CHECK(variogram_score(all, kTruth, {}) == variogram_score(whole, kTruth, {}));
  CHECK(dawid_sebastiani(all, kTruth) == dawid_sebastiani(whole, kTruth));
  const std::vector<double> truth{0, 1, kNaN, 2};
  CHECK(std::isnan(energy_score(whole, truth, fair).value()));
  CHECK(std::isnan(variogram_score(whole, truth, {})));
  CHECK(std::isnan(dawid_sebastiani(whole, truth)));
  CHECK(std::isnan(error_spread_score(std::vector<double>{1, 2, 4}, kNaN)));
}

TEST_CASE("what too few or equal members do not allow is missing") {
  const Vectors one{kMembers[0]};
  CHECK(std::isnan(energy_score(views(one), kTruth, EnergyEstimator::fair).value()));
  CHECK(energy_score(views(one), kTruth, EnergyEstimator::all_pairs).value() > 0.0);
  CHECK(std::isnan(energy_score({}, kTruth, EnergyEstimator::all_pairs).value()));
  CHECK(std::isnan(variogram_score(views(one), kTruth, {.fair = true})));
  CHECK(std::isnan(error_spread_score(std::vector<double>{1, 2}, 0.0)));
  CHECK(std::isnan(error_spread_score(std::vector<double>{0.1, 0.1, 0.1}, 0.0)));
  const Vectors equal(6, kMembers[0]), few(kMembers.begin(), kMembers.begin() + 4);
  CHECK(std::isnan(dawid_sebastiani(views(equal), kTruth)));
  CHECK(std::isnan(dawid_sebastiani(views(few), kTruth)));  // D = M
  CHECK(energy_score(views(equal), kTruth, EnergyEstimator::fair).spread == 0.0);
}

TEST_CASE("maps are vectors under a weighted norm") {
  std::mt19937 random(11);
  std::normal_distribution<float> normal(280.0F, 5.0F);
  constexpr std::size_t kPoints = 150, kCount = 7;
  std::vector<std::vector<float>> maps(kCount, std::vector<float>(kPoints));
  std::vector<float> truth(kPoints);
  std::vector<double> weights;
  for (auto& map : maps)
    for (auto& value : map) value = normal(random);
  for (auto& value : truth) value = normal(random);
  for (std::size_t i = 0; i < kPoints; ++i)
    weights.push_back(i % 5 == 0 ? 0.0 : 0.5 + 0.01 * static_cast<double>(i));
  maps[2][7] = std::numeric_limits<float>::quiet_NaN();
  truth[9] = std::numeric_limits<float>::quiet_NaN();
  maps[4].assign(kPoints, std::numeric_limits<float>::quiet_NaN());  // a lost member

  double total = 0.0;
  for (std::size_t i = 0; i < kPoints; ++i)
    if (i != 7 && i != 9) total += weights[i];
  const auto scaled = [&](const std::vector<float>& map) {
    std::vector<double> vector;
    for (std::size_t i = 0; i < kPoints; ++i)
      if (i != 7 && i != 9) vector.push_back(std::sqrt(weights[i] / total) * double{map[i]});
    return vector;
  };
  Vectors vectors;
  for (std::size_t m = 0; m < kCount; ++m)
    if (m != 4) vectors.push_back(scaled(maps[m]));
  const std::vector<std::span<const float>> map_views(maps.begin(), maps.end());
  for (const char* name : {"all_pairs", "fair", "adjacent", "adjacent_circular", "wb2"}) {
    const auto estimator = parse_energy_estimator(name);
    const EnergyScore map = map_energy_score(map_views, truth, weights, estimator);
    const EnergyScore vector = energy_score(views(vectors), scaled(truth), estimator);
    CHECK(map.skill == near(vector.skill));
    CHECK(map.spread == near(vector.spread));
  }
  const std::vector<double> nowhere(kPoints, 0.0);
  CHECK(std::isnan(map_energy_score(map_views, truth, nowhere, EnergyEstimator::fair).value()));
}
