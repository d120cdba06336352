#include "nodes/verify/fractions_skill.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <random>

using namespace ladcast;

namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
using Map = std::vector<float>;

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
  CHECK(fractions_skill(forecast, truth, around, weights, 0).value() == 0.0);
  CHECK(fractions_skill(forecast, truth, around, weights, 1).value() == doctest::Approx(2.0 / 3.0));
  CHECK(fractions_skill(forecast, truth, around, weights, 2).value() == 1.0);
  CHECK(fractions_skill(forecast, truth, flat, weights, 1).value() == doctest::Approx(0.0));
  CHECK(fractions_skill(truth, truth, flat, weights, 1).value() == 1.0);
}

TEST_CASE("without an event the fractions skill score is missing, so is that of missing points") {
  const Map none{0, 0, 0, 0}, gone(4, kNan), one{1, 0, 0, 0};
  const std::vector<double> weights{1.0, 1.0};
  const EventMap map{2, true, Comparison::above, 0.5};
  CHECK(std::isnan(fractions_skill(none, none, map, weights, 1).value()));
  CHECK(std::isnan(fractions_skill(one, gone, map, weights, 1).value()));
  CHECK(fractions_skill(one, none, map, weights, 1).value() == doctest::Approx(0.0));
}

TEST_CASE("sums of maps merge") {
  const Map a{1, 0, 0, 0}, b{0, 1, 0, 0};
  const std::vector<double> weights{1.0};
  const EventMap map{4, true, Comparison::at_least, 1.0};
  auto skill = fractions_skill(a, a, map, weights, 0);
  skill.merge(fractions_skill(a, b, map, weights, 0));
  CHECK(skill.value() == doctest::Approx(0.5));
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
          return fractions_skill(f, t, map, weights, reach).value();
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
