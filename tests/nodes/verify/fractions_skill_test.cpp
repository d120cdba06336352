#include "nodes/verify/fractions_skill.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "nodes/verify/regional_mean.h"

using namespace ladcast;

namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
using Map = std::vector<float>;

// Of several members, with a weight by row.
double fss(const std::vector<Map>& members, const Map& truth, const EventMap& map,
           const std::vector<double>& row_weights, std::size_t reach) {
  const std::vector<std::span<const float>> spans(members.begin(), members.end());
  const auto maps = compare_fractions(event_probabilities(spans, map), truth, map, reach);
  std::vector<double> weights;
  for (std::size_t point = 0; point < truth.size(); ++point)
    weights.push_back(row_weights[point / map.columns]);
  return FractionsSkill{regional_mean(maps.squared_error, weights).value,
                        regional_mean(maps.reference, weights).value}
      .value();
}
double fss(const Map& forecast, const Map& truth, const EventMap& map,
           const std::vector<double>& row_weights, std::size_t reach) {
  return fss(std::vector<Map>{forecast}, truth, map, row_weights, reach);
}

// By the definition, each neighbourhood counted anew.
double counted(const Map& forecast, const Map& truth, const EventMap& map,
               const std::vector<double>& weights, int reach) {
  const auto rows = static_cast<int>(weights.size()), columns = static_cast<int>(map.columns);
  double error = 0.0, reference = 0.0;
  for (int row = 0; row < rows; ++row)
    for (int column = 0; column < columns; ++column) {
      const auto at = [&](const Map& values, int r, int c) {
        return static_cast<double>(values[static_cast<std::size_t>(r * columns + c)]);
      };
      if (std::isnan(at(forecast, row, column) + at(truth, row, column))) continue;
      double points = 0.0, events = 0.0, observed = 0.0;
      for (int r = std::max(row - reach, 0); r <= std::min(row + reach, rows - 1); ++r)
        for (int c = 0; c < columns; ++c) {
          const int apart = std::abs(c - column);
          const int distance = map.periodic ? std::min(apart, columns - apart) : apart;
          if (distance > reach || std::isnan(at(forecast, r, c) + at(truth, r, c))) continue;
          points += 1.0;
          events += at(forecast, r, c) > map.threshold ? 1.0 : 0.0;
          observed += at(truth, r, c) > map.threshold ? 1.0 : 0.0;
        }
      const double p = events / points, o = observed / points;
      error += weights[static_cast<std::size_t>(row)] * (p - o) * (p - o);
      reference += weights[static_cast<std::size_t>(row)] * (p * p + o * o);
    }
  return 1.0 - error / reference;
}

// Rows of `columns` values, each moved by `by` columns to the east.
Map rolled(const Map& values, std::size_t columns, std::size_t by) {
  Map result(values.size());
  for (std::size_t i = 0; i < values.size(); ++i)
    result[i / columns * columns + (i + by) % columns] = values[i];
  return result;
}

Map flipped(const Map& values, std::size_t columns) {
  Map result(values.size());
  const std::size_t rows = values.size() / columns;
  for (std::size_t i = 0; i < values.size(); ++i)
    result[(rows - 1 - i / columns) * columns + i % columns] = values[i];
  return result;
}

}  // namespace

TEST_CASE("an event one point off is a miss at a point and nearly right in a neighbourhood") {
  const Map forecast{1, 0, 0, 0}, truth{0, 0, 0, 1};
  const std::vector<double> weights{2.0};
  const EventMap around{4, true, Comparison::above, 0.5};
  const EventMap flat{4, false, Comparison::above, 0.5};
  CHECK(fss(forecast, truth, around, weights, 0) == 0.0);
  CHECK(fss(forecast, truth, around, weights, 1) == doctest::Approx(2.0 / 3.0));
  CHECK(fss(forecast, truth, around, weights, 2) == 1.0);
  CHECK(fss(forecast, truth, flat, weights, 1) == doctest::Approx(0.0));
  CHECK(fss(truth, truth, flat, weights, 1) == 1.0);
}

TEST_CASE("without an event the fractions skill score is missing, so is that of missing points") {
  const Map none{0, 0, 0, 0}, gone(4, kNan), one{1, 0, 0, 0};
  const std::vector<double> weights{1.0, 1.0};
  const EventMap map{2, true, Comparison::above, 0.5};
  CHECK(std::isnan(fss(none, none, map, weights, 1)));
  CHECK(std::isnan(fss(one, gone, map, weights, 1)));
  CHECK(fss(one, none, map, weights, 1) == doctest::Approx(0.0));
}

TEST_CASE("the neighbourhoods of an ensemble hold its mean probability") {
  const std::vector<double> weights{1.0};
  const EventMap map{4, true, Comparison::above, 0.5};
  const std::vector<Map> members = {{1, 0, 0, 0}, {0, 1, 0, 0}};
  const Map truth{0, 1, 0, 0};
  // P = 1/2, 1/2, 0, 0 and O = 0, 1, 0, 0; over three columns P = 1/3, 1/3, 1/6, 1/6 and O = 1/3,
  // 1/3, 1/3, 0.
  CHECK(fss(members, truth, map, weights, 0) == doctest::Approx(1 - 0.5 / (0.5 + 1)));
  CHECK(fss(members, truth, map, weights, 1) ==
        doctest::Approx(1 - (2.0 / 36) / (10.0 / 36 + 12.0 / 36)));
}

TEST_CASE("a member that is missing at a point is not counted there") {
  const std::vector<double> weights{1.0};
  const EventMap map{2, false, Comparison::above, 0.5};
  // p = 1, 1/2 against o = 1, 0.
  CHECK(fss(std::vector<Map>{{kNan, 1}, {1, 0}}, Map{1, 0}, map, weights, 0) ==
        doctest::Approx(1 - 0.25 / (1.25 + 1)));
}

TEST_CASE("neighbourhoods are counted as by hand, wherever the map begins") {
  std::mt19937 random(13);
  constexpr std::size_t kColumns = 12, kRows = 7;
  std::vector<double> weights;
  for (std::size_t row = 0; row < kRows; ++row)
    weights.push_back(1.0 + std::abs(3.0 - static_cast<double>(row)));
  for (int trial = 0; trial < 20; ++trial) {
    Map forecast(kRows * kColumns), truth(forecast.size());
    for (auto* map : {&forecast, &truth})
      for (float& value : *map)
        value = random() % 10 == 0 ? kNan : static_cast<float>(random() % 100);
    for (const bool periodic : {false, true})
      for (const std::size_t reach : {0U, 1U, 3U, 5U, 6U, 20U}) {
        const EventMap map{kColumns, periodic, Comparison::above, 60.0};
        const auto skill = [&](const Map& f, const Map& t) {
          return fss(f, t, map, weights, reach);
        };
        const double value = skill(forecast, truth);
        CHECK(value ==
              doctest::Approx(counted(forecast, truth, map, weights, static_cast<int>(reach))));
        CHECK(skill(flipped(forecast, kColumns), flipped(truth, kColumns)) ==
              doctest::Approx(value));
        if (periodic)
          CHECK(skill(rolled(forecast, kColumns, 5), rolled(truth, kColumns, 5)) ==
                doctest::Approx(value));
      }
  }
}
