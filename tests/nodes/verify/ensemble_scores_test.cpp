#include "nodes/verify/ensemble_scores.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

using namespace ladcast;

namespace {

constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();
using Maps = std::vector<std::vector<float>>;

EnsembleScores score(const MapScorer& scorer, const Maps& members, const std::vector<float>& truth,
                     const std::vector<float>& climatology = {}) {
  std::vector<std::span<const float>> spans(members.begin(), members.end());
  return scorer.score(spans, truth, climatology);
}

// Two rows of equal weight, one column: the means are plain averages of two points.
MapScorer two_points() { return {Grid{{-45, 45}, {0}}, LatitudeWeighting::area}; }

struct Random {
  Grid grid{{-67.5, -22.5, 22.5, 67.5}, {}};
  Maps members;
  std::vector<float> truth, climatology;

  explicit Random(std::size_t count, std::size_t columns = 50) {
    std::mt19937 random(11);
    std::normal_distribution<float> normal(280, 10);
    for (std::size_t column = 0; column < columns; ++column)
      grid.longitude.push_back(360.0 * static_cast<double>(column) / static_cast<double>(columns));
    const auto map = [&] {
      std::vector<float> values(grid.points());
      for (float& value : values) value = normal(random);
      return values;
    };
    for (std::size_t member = 0; member < count; ++member) members.push_back(map());
    truth = map();
    climatology = map();
  }
};

void check_equal(const EnsembleScores& a, const EnsembleScores& b, double epsilon) {
  const auto near = [epsilon](double value) { return doctest::Approx(value).epsilon(epsilon); };
  CHECK(a.bias.value() == near(b.bias.value()));
  CHECK(a.mae.value() == near(b.mae.value()));
  CHECK(a.mse.value() == near(b.mse.value()));
  CHECK(a.variance.value() == near(b.variance.value()));
  CHECK(a.expected_mse.value() == near(b.expected_mse.value()));
  CHECK(a.crps_fair.value() == near(b.crps_fair.value()));
  CHECK(a.acc.value() == near(b.acc.value()));
}

}  // namespace

TEST_CASE("scores of three members at two points are those computed by hand") {
  // Point 0: members 1, 2, 6, truth 2. Point 1: members 4, 4, 4, truth 3.
  const auto scores = score(two_points(), {{2, 4}, {6, 4}, {1, 4}}, {2, 3});
  CHECK(scores.bias.value() == 1.0);  // 1, 1
  CHECK(scores.mae.value() == 1.0);
  CHECK(scores.mse.value() == 1.0);
  CHECK(scores.variance.value() == 3.5);                            // 7, 0
  CHECK(scores.expected_mse.value() == doctest::Approx(14.0 / 3));  // times 4/3
  CHECK(scores.crps_fair.value() == doctest::Approx(0.5));          // 5/3 - 10/6 = 0; 1 - 0
  CHECK(std::isnan(scores.acc.value()));
  CHECK(scores.crps_fair.points == 2);
}

TEST_CASE("anomaly correlation is that computed by hand") {
  // Forecast anomalies 2, 1; truth anomalies 1, -1.
  const auto scores = score(two_points(), {{12, 6}, {12, 6}}, {11, 4}, {10, 5});
  CHECK(scores.acc.value() == doctest::Approx((2.0 - 1.0) / std::sqrt(5.0 * 2.0)));
}

TEST_CASE("a forecast equal to the climatology has no anomaly correlation") {
  CHECK(std::isnan(score(two_points(), {{10, 5}}, {11, 4}, {10, 5}).acc.value()));
}

TEST_CASE("rows count by their area") {
  const MapScorer scorer(Grid{{-60, 0, 60}, {0, 180}}, LatitudeWeighting::area);
  const auto scores = score(scorer, {{0, 0, 1, 1, 0, 0}}, {0, 0, 0, 0, 0, 0});
  CHECK(scores.mse.value() == doctest::Approx(0.5));  // the cell from -30 to 30
  CHECK(scores.mse.weight == doctest::Approx(scorer.total_weight()));
}

TEST_CASE("points without truth are left out and the weights renormalised") {
  const MapScorer scorer(Grid{{-60, 0, 60}, {0, 180}}, LatitudeWeighting::area);
  const auto scores = score(scorer, {{1, 1, 5, 3, 1, 1}}, {0, 0, kMissing, 0, 0, 0});
  // Row 0 weighs 1.5 at one point, the others 0.75 at four.
  CHECK(scores.mae.value() == doctest::Approx((1.5 * 3 + 0.75 * 4) / 4.5));
  CHECK(scores.mae.weight / scorer.total_weight() == doctest::Approx(0.75));
  CHECK(scores.mae.points == 5);
}

TEST_CASE("a missing member counts at no point where it is missing") {
  const auto scores = score(two_points(), {{1, 4}, {3, kMissing}, {kMissing, kMissing}}, {2, 5});
  CHECK(scores.bias.value() == doctest::Approx(-0.5));  // 0, -1
  CHECK(scores.crps_fair.value() == 0.0);  // 1 - 1 at point 0; one member is too few at point 1
  CHECK(scores.crps_fair.points == 1);
  CHECK(scores.variance.value() == 2.0);
}

TEST_CASE("nothing to score is missing, not 0") {
  const auto no_truth = score(two_points(), {{1, 4}, {3, 5}}, {kMissing, kMissing});
  CHECK(std::isnan(no_truth.mse.value()));
  CHECK(no_truth.crps_fair.points == 0);
  const auto no_member = score(two_points(), {{kMissing, kMissing}, {kMissing, kMissing}}, {1, 2});
  CHECK(std::isnan(no_member.mae.value()));
}

TEST_CASE("one member has its absolute error as fair CRPS and no spread") {
  const auto scores = score(two_points(), {{1, 7}}, {2, 5});
  CHECK(scores.crps_fair.value() == 1.5);
  CHECK(scores.crps_fair.value() == scores.mae.value());
  CHECK(scores.variance.points == 0);
}

TEST_CASE("equal members have no spread at all") {
  const Random data(1);
  const auto scores = score({data.grid, LatitudeWeighting::area},
                            {data.members[0], data.members[0], data.members[0]}, data.truth);
  CHECK(scores.variance.value() == 0.0);
  CHECK(scores.crps_fair.value() == doctest::Approx(scores.mae.value()).epsilon(1e-13));
}

TEST_CASE("scores do not depend on the order of members") {
  Random data(13);
  const MapScorer scorer(data.grid, LatitudeWeighting::area);
  const auto before = score(scorer, data.members, data.truth, data.climatology);
  std::reverse(data.members.begin(), data.members.end());
  const auto after = score(scorer, data.members, data.truth, data.climatology);
  CHECK(before.crps_fair.sum == after.crps_fair.sum);
  CHECK(before.variance.sum == after.variance.sum);
  CHECK(before.bias.sum == after.bias.sum);
}

TEST_CASE("scores do not change under a turn of the globe, a flip of it and a constant shift") {
  Random data(6);
  const MapScorer scorer(data.grid, LatitudeWeighting::area);
  const auto before = score(scorer, data.members, data.truth, data.climatology);
  Maps maps = data.members;
  maps.push_back(data.truth);
  maps.push_back(data.climatology);
  for (auto& map : maps) {
    std::reverse(map.begin(), map.end());
    for (std::size_t row = 0; row < data.grid.rows(); ++row) {
      const auto start = map.begin() + static_cast<std::ptrdiff_t>(row * data.grid.columns());
      std::rotate(start, start + 7, start + static_cast<std::ptrdiff_t>(data.grid.columns()));
    }
    for (float& value : map) value += 64.0F;
  }
  const Maps members(maps.begin(), maps.end() - 2);
  const auto after = score(scorer, members, maps[6], maps[7]);
  check_equal(before, after, 1e-6);  // the shift rounds the values to 2^-15
}

TEST_CASE("blocks with and without a missing value are scored alike") {
  Random data(9);
  const MapScorer scorer(data.grid, LatitudeWeighting::area);
  const auto fast = score(scorer, data.members, data.truth, data.climatology);
  // A further member that is missing everywhere changes nothing but the way of computing.
  data.members.emplace_back(data.grid.points(), kMissing);
  check_equal(fast, score(scorer, data.members, data.truth, data.climatology), 1e-14);
}

TEST_CASE("the fair CRPS of a point agrees with its definition by pairs") {
  std::mt19937 random(3);
  std::normal_distribution<float> normal(0, 1);
  for (std::size_t count = 2; count < 20; ++count) {
    std::vector<float> members(count);
    for (float& member : members) member = normal(random);
    const float truth = normal(random);
    double skill = 0;
    double pairs = 0;
    for (const float a : members) {
      skill += std::abs(static_cast<double>(a) - static_cast<double>(truth));
      for (const float b : members)
        pairs += std::abs(static_cast<double>(a) - static_cast<double>(b));
    }
    const auto m = static_cast<double>(count);
    CHECK(crps_fair(members, truth) == doctest::Approx(skill / m - pairs / (2 * m * (m - 1))));
  }
}
