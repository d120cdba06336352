#include "nodes/verify/map_scorer.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <stdexcept>
#include <vector>

#include "nodes/verify/multivariate_scores.h"
#include "tests/nodes/error_message.h"

using namespace ladcast;

namespace {

constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();
using Maps = std::vector<std::vector<float>>;

const Channel kTemperature{"2m_temperature", {}, "K"};

// The scores of one region.
struct RegionScores {
  std::vector<MapScore> rows;

  const MapScore& at(const std::string& score, std::optional<double> bin = {}) const {
    for (const MapScore& row : rows)
      if (row.score == score && row.bin == bin) return row;
    throw std::out_of_range(score);
  }
  double value(const std::string& score, std::optional<double> bin = {}) const {
    return at(score, bin).value;
  }
  bool has(const std::string& score) const {
    return std::any_of(rows.begin(), rows.end(),
                       [&](const MapScore& row) { return row.score == score; });
  }
};

RegionScores score(const MapScorer& scorer, const Maps& members, const std::vector<float>& truth,
                   const std::vector<float>& climatology = {}, std::size_t region = 0) {
  std::vector<std::span<const float>> spans(members.begin(), members.end());
  return {scorer.score(kTemperature, spans, truth, climatology).at(region)};
}

// Two rows of equal weight, one column: the means are plain averages of two points.
const Grid kTwoPoints{{-45, 45}, {0}};
MapScorer two_points() { return {kTwoPoints, {}}; }

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

void check_equal(const RegionScores& a, const RegionScores& b, double epsilon) {
  REQUIRE(a.rows.size() == b.rows.size());
  for (const MapScore& row : a.rows) {
    INFO(row.score);
    CHECK(row.value == doctest::Approx(b.value(row.score, row.bin)).epsilon(epsilon));
  }
}

}  // namespace

TEST_CASE("scores of three members at two points are those computed by hand") {
  // Point 0: members 1, 2, 6, truth 2. Point 1: members 4, 4, 4, truth 3.
  const auto scores = score(two_points(), {{2, 4}, {6, 4}, {1, 4}}, {2, 3});
  CHECK(scores.value("bias") == 1.0);  // 1, 1
  CHECK(scores.value("mae") == 1.0);
  CHECK(scores.value("mse") == 1.0);
  CHECK(scores.value("variance") == 3.5);                            // 7, 0
  CHECK(scores.value("expected_mse") == doctest::Approx(14.0 / 3));  // times 4/3
  CHECK(scores.value("crps_fair") == doctest::Approx(0.5));          // 5/3 - 10/6 = 0; 1 - 0
  CHECK(!scores.has("acc"));
  CHECK(scores.at("crps_fair").points == 2);
}

TEST_CASE("anomaly correlation is that computed by hand") {
  // Forecast anomalies 2, 1; truth anomalies 1, -1.
  const auto scores = score(two_points(), {{12, 6}, {12, 6}}, {11, 4}, {10, 5});
  CHECK(scores.value("acc") == doctest::Approx((2.0 - 1.0) / std::sqrt(5.0 * 2.0)));
}

TEST_CASE("a forecast equal to the climatology has no anomaly correlation") {
  CHECK(std::isnan(score(two_points(), {{10, 5}}, {11, 4}, {10, 5}).value("acc")));
}

TEST_CASE("rows count by their area") {
  const MapScorer scorer(Grid{{-60, 0, 60}, {0, 180}}, {});
  const auto scores = score(scorer, {{0, 0, 1, 1, 0, 0}}, {0, 0, 0, 0, 0, 0});
  CHECK(scores.value("mse") == doctest::Approx(0.5));  // the cell from -30 to 30
  CHECK(scores.at("mse").weight == doctest::Approx(1));
}

TEST_CASE("points without truth are left out and the weights renormalised") {
  const MapScorer scorer(Grid{{-60, 0, 60}, {0, 180}}, {});
  const auto scores = score(scorer, {{1, 1, 5, 3, 1, 1}}, {0, 0, kMissing, 0, 0, 0});
  // Row 0 weighs 1.5 at one point, the others 0.75 at four.
  CHECK(scores.value("mae") == doctest::Approx((1.5 * 3 + 0.75 * 4) / 4.5));
  CHECK(scores.at("mae").weight == doctest::Approx(0.75));
  CHECK(scores.at("mae").points == 5);
}

TEST_CASE("a missing member counts at no point where it is missing") {
  const auto scores = score(two_points(), {{1, 4}, {3, kMissing}, {kMissing, kMissing}}, {2, 5});
  CHECK(scores.value("bias") == doctest::Approx(-0.5));  // 0, -1
  CHECK(scores.value("crps_fair") == 0.0);  // 1 - 1 at point 0; one member is too few at point 1
  CHECK(scores.at("crps_fair").points == 1);
  CHECK(scores.value("variance") == 2.0);
}

TEST_CASE("an infinite value is missing") {
  constexpr float kInfinite = std::numeric_limits<float>::infinity();
  const auto scores = score(two_points(), {{1, 4}, {3, kInfinite}, {-kInfinite, 6}}, {2, 5});
  CHECK(scores.value("bias") == 0);
  CHECK(scores.value("variance") == 2);
  CHECK(scores.value("members_used") == 2);
  CHECK(score(two_points(), {{1, 4}, {3, 6}}, {2, kInfinite}).at("mse").points == 1);
}

TEST_CASE("a mask that is no land-sea mask is refused") {
  const Grid grid{{-45, 45}, {0}};
  const std::vector<float> per_cent = {0, 100};
  CHECK(contains(error_of([&] {
                   MapScorer(grid, {.regions = {parse_score_region("global land")}}, per_cent);
                 }),
                 "the land-sea mask has the value 100"));
}

TEST_CASE("a point where the mask is missing is neither land nor sea") {
  const Grid grid{{0}, {0, 90, 180}};
  const std::vector<float> land = {1, kMissing, 0};
  const MapScorer scorer(
      grid,
      {.regions = {parse_score_region("global"), parse_score_region("global land"),
                   parse_score_region("global sea")}},
      land);
  CHECK(scorer.weights(0)[1] > 0);
  for (const std::size_t region : {1U, 2U}) {
    CHECK(scorer.weights(region)[1] == 0);
    CHECK(scorer.weights(region)[region == 1 ? 0 : 2] > 0);
  }
}

TEST_CASE("nothing to score is missing, not 0") {
  const auto no_truth = score(two_points(), {{1, 4}, {3, 5}}, {kMissing, kMissing});
  CHECK(std::isnan(no_truth.value("mse")));
  CHECK(no_truth.at("crps_fair").points == 0);
  const auto no_member = score(two_points(), {{kMissing, kMissing}, {kMissing, kMissing}}, {1, 2});
  CHECK(std::isnan(no_member.value("mae")));
}

TEST_CASE("one member has its absolute error as fair CRPS and no spread") {
  const auto scores = score(two_points(), {{1, 7}}, {2, 5});
  CHECK(scores.value("crps_fair") == 1.5);
  CHECK(scores.value("crps_fair") == scores.value("mae"));
  CHECK(!scores.has("variance"));
}

TEST_CASE("equal members have no spread at all") {
  const Random data(1);
  const auto scores =
      score({data.grid, {}}, {data.members[0], data.members[0], data.members[0]}, data.truth);
  CHECK(scores.value("variance") == 0.0);
  CHECK(scores.value("crps_fair") == doctest::Approx(scores.value("mae")).epsilon(1e-13));
}

TEST_CASE("scores do not depend on the order of members") {
  Random data(13);
  const MapScorer scorer(data.grid, {});
  const auto before = score(scorer, data.members, data.truth, data.climatology);
  std::reverse(data.members.begin(), data.members.end());
  const auto after = score(scorer, data.members, data.truth, data.climatology);
  CHECK(before.value("crps_fair") == after.value("crps_fair"));
  CHECK(before.value("variance") == after.value("variance"));
  CHECK(before.value("bias") == after.value("bias"));
}

TEST_CASE("scores do not change under a turn of the globe, a flip of it and a constant shift") {
  Random data(6);
  const MapScorer scorer(data.grid, {});
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
  const MapScorer scorer(data.grid, {});
  const auto fast = score(scorer, data.members, data.truth, data.climatology);
  // A further member that is missing everywhere changes nothing but the way of computing.
  data.members.emplace_back(data.grid.points(), kMissing);
  check_equal(fast, score(scorer, data.members, data.truth, data.climatology), 1e-14);
}

TEST_CASE("the extra scores of three members are those computed by hand") {
  // Point 0: members 1, 2, 6, truth 2. Point 1: members 4, 4, 4, truth 3.
  const MapScorer scorer(
      kTwoPoints, {.extra = {"crps_ecdf", "crps_skill", "crps_spread", "crps_under", "crps_over",
                             "debiased_mse", "rank_histogram"}});
  const auto scores = score(scorer, {{2, 4}, {6, 4}, {1, 4}}, {2, 3});
  CHECK(scores.value("crps_skill") == doctest::Approx((5.0 / 3 + 1) / 2));
  CHECK(scores.value("crps_spread") == doctest::Approx((10.0 / 3 + 0) / 2));
  CHECK(scores.value("crps_ecdf") == doctest::Approx((5.0 / 3 - 10.0 / 9 + 1) / 2));
  CHECK(scores.value("crps_under") == doctest::Approx((1.0 / 3 + 0) / 2));
  CHECK(scores.value("crps_over") == doctest::Approx((4.0 / 3 + 1) / 2));
  CHECK(scores.value("debiased_mse") == doctest::Approx((1 - 7.0 / 3 + 1) / 2));
  // Point 0 has one member below the truth and one equal to it; point 1 none below.
  CHECK(scores.value("rank_histogram", 0) == 0.5);
  CHECK(scores.value("rank_histogram", 1) == 0.25);
  CHECK(scores.value("rank_histogram", 2) == 0.25);
  CHECK(scores.value("rank_histogram", 3) == 0);
}

TEST_CASE("scores of the spread and of the moments are those of the functions at each point") {
  const Random data(9);
  const MapScorer scorer(data.grid, {.extra = {"error_spread", "dawid_sebastiani"}});
  const auto scores = score(scorer, data.members, data.truth);
  double error_spread = 0.0, dss = 0.0;
  for (std::size_t point = 0; point < data.truth.size(); ++point) {
    std::vector<double> members;
    for (const auto& member : data.members) members.push_back(static_cast<double>(member[point]));
    std::vector<std::span<const double>> single;
    for (const double& member : members) single.emplace_back(&member, 1);
    const auto truth = static_cast<double>(data.truth[point]);
    // Rows at 22.5 and 67.5 degrees are cells from 0 to 45 and from 45 to 90.
    const bool outer = point < 50 || point >= 150;
    const double weight = (outer ? 1 - std::sqrt(0.5) : std::sqrt(0.5)) / 100;
    error_spread += weight * error_spread_score(members, truth);
    dss += weight * dawid_sebastiani(single, std::vector{truth});
  }
  CHECK(scores.value("error_spread") == doctest::Approx(error_spread).epsilon(1e-11));
  CHECK(scores.value("dawid_sebastiani") == doctest::Approx(dss).epsilon(1e-11));
}

TEST_CASE("equal members have neither score, nor has a point with too few") {
  const MapScorer scorer(kTwoPoints, {.extra = {"error_spread", "dawid_sebastiani"}});
  const auto scores = score(scorer, {{0.1F, 1}, {0.1F, 3}, {0.1F, kMissing}}, {2, 3});
  CHECK(scores.at("error_spread").points == 0);
  CHECK(scores.at("dawid_sebastiani").points == 1);
  CHECK(scores.value("dawid_sebastiani") == doctest::Approx(0.5 + std::log(2.0)));
  CHECK(!score(scorer, {{1, 2}}, {2, 3}).has("error_spread"));
}

TEST_CASE(
    "histograms of ranks leave out points with fewer members, those of the transform do not") {
  const MapScorer scorer(kTwoPoints, {.extra = {"rank_histogram", "pit_histogram"}});
  const auto scores = score(scorer, {{1, 1}, {2, kMissing}, {4, 2}, {5, 3}}, {3, 9});
  CHECK(scores.value("rank_histogram", 2) == 1);
  CHECK(scores.value("rank_histogram", 3) == 0);
  CHECK(scores.at("rank_histogram", 2).points == 1);
  CHECK(scores.at("rank_histogram", 2).weight == doctest::Approx(0.5));
  CHECK(scores.at("pit_histogram", 0.4).points == 2);
  CHECK(scores.value("pit_histogram", 0.4) == doctest::Approx(0.25));  // 0.4 to 0.6
  CHECK(scores.value("pit_histogram", 0.5) == doctest::Approx(0.25));
  CHECK(scores.value("pit_histogram", 0.7) == doctest::Approx(0.1));  // 0.75 to 1
  CHECK(scores.value("pit_histogram", 0.9) == doctest::Approx(0.2));
}

TEST_CASE("where no member is there, their number is 0 and no score is") {
  const auto scores = score(two_points(), {{kMissing, kMissing}, {kMissing, kMissing}}, {1, 2});
  CHECK(scores.value("members_used") == 0);
  CHECK(scores.at("members_used").points == 2);
  CHECK(std::isnan(scores.value("crps_fair")));
  const auto none = score(two_points(), {}, {1, kMissing});
  CHECK(none.value("members_used") == 0);
  CHECK(none.at("members_used").points == 1);
  CHECK(std::isnan(none.value("mse")));
}

TEST_CASE("an event is scored where it is about the channel") {
  const MapScorer scorer(kTwoPoints, {.events = {parse_event("2m_temperature > 3"),
                                                 parse_event("geopotential 500 > 3")}});
  const auto scores = score(scorer, {{2, 4}, {6, 4}, {1, 5}, {1, 3}}, {4, 3});
  // p = 1/4 and o = 1; p = 3/4 and o = 0.
  CHECK(scores.value("brier") == doctest::Approx(9.0 / 16));
  CHECK(scores.value("brier_fair") == doctest::Approx(9.0 / 16 - 3.0 / 16 / 3));
  CHECK(scores.value("forecast_share", 0.25) == 0.5);
  CHECK(scores.value("observed_share", 0.25) == 0.5);
  CHECK(scores.value("forecast_share", 0.75) == 0.5);
  CHECK(scores.value("observed_share", 0.75) == 0);
  CHECK(scores.value("forecast_share", 0.5) == 0);
  // max(x, 3): 3, 6, 3, 3 against 4; 4, 4, 5, 3 against 3.
  CHECK(scores.value("twcrps_fair") ==
        doctest::Approx(((5.0 / 4 - 9.0 / 12) + (1.0 - 6.0 / 12)) / 2));
  CHECK(scores.at("brier").event == "> 3");
}

TEST_CASE("the quantile score is the pinball loss of the quantile between the members") {
  const MapScorer scorer(kTwoPoints, {.quantiles = {0.25}});
  const auto scores = score(scorer, {{1, 1}, {2, 2}, {4, 4}}, {3, 1});
  CHECK(scores.value("quantile_score", 0.25) ==
        doctest::Approx((1.5 * 0.25 + 0.5 * 0.75) / 2));  // the quantile is 1.5
}

TEST_CASE("centred anomaly correlation does not see a bias") {
  const MapScorer scorer(kTwoPoints, {.extra = {"acc_centred"}});
  const auto scores = score(scorer, {{13, 7}, {13, 7}}, {11, 4}, {10, 5});
  CHECK(scores.value("acc_centred") == doctest::Approx(1));  // anomalies 3, 2 and 1, -1
  CHECK(scores.value("acc") == doctest::Approx(1 / std::sqrt(13.0 * 2)));
}

TEST_CASE("regions are those between their edges, and land is weighted by its part") {
  const Grid grid{{-60, 0, 60}, {0, 90, 180, 270}};
  Maps members = {{1, 1, 1, 1, 5, 6, 7, 8, 2, 2, 2, 2}};
  const std::vector<float> truth(12, 0);
  std::vector<float> land(12, 0);
  land[4] = 1;
  land[5] = 0.5;
  const MapScorer scorer(
      grid,
      {.regions = {parse_score_region("tropics"), parse_score_region("tropics land"),
                   parse_score_region("tropics sea"), parse_score_region("10/-95/-10/5")}},
      land);
  CHECK(score(scorer, members, truth).value("mae") == 6.5);
  CHECK(score(scorer, members, truth, {}, 1).value("mae") == doctest::Approx(8.0 / 1.5));
  CHECK(score(scorer, members, truth, {}, 2).value("mae") == doctest::Approx(18.0 / 2.5));
  CHECK(score(scorer, members, truth, {}, 3).value("mae") == 6.5);  // 270 E and 0 E
  CHECK(score(scorer, members, truth, {}, 3).at("mae").points == 2);
}

TEST_CASE("in histograms a cell counts by its part that is in the region, whatever its latitude") {
  const Grid grid{{-60, 0}, {0, 180}};
  const std::vector<float> land = {1, 0.5, 0, 0.25};
  const MapScorer scorer(grid,
                         {.regions = {parse_score_region("global land")},
                          .extra = {"rank_histogram", "pit_histogram"}},
                         land);
  const Maps members = {{0, 0, 0, 0}, {2, 2, 2, 2}};
  const auto scores = score(scorer, members, {-1, 1, 1, 3});  // ranks 0, 1, 1, 2
  CHECK(scores.value("rank_histogram", 0) == doctest::Approx(1 / 1.75));
  CHECK(scores.value("rank_histogram", 1) == doctest::Approx(0.5 / 1.75));
  CHECK(scores.value("rank_histogram", 2) == doctest::Approx(0.25 / 1.75));
  CHECK(scores.at("rank_histogram", 0).points == 3);
}

TEST_CASE("the reference's way keeps the weights over missing points") {
  const MapScorer scorer(Grid{{-60, 60}, {0, 180}},
                         {.extra = {"crps_skill", "crps_spread"}, .as_ladcast = true});
  const auto scores =
      score(scorer, {{1, 1, 5, 3}, {3, 1, 5, 3}}, {0, kMissing, kMissing, kMissing});
  CHECK(scores.value("crps_skill") == 2);
  CHECK(scores.value("crps_spread") == 0.5);  // over all points
  CHECK(score(scorer, {{1, 1, 5, 3}}, {0, 0, 0, 0}).value("crps_spread") == 0);
}
