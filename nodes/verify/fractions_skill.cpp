#include "nodes/verify/fractions_skill.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace ladcast {
namespace {

// Sums over rectangles from four corners, the map being extended by `reach` columns on both sides:
// at_(r, c) is the sum over rows before r and extended columns before c.
class SummedArea {
 public:
  template <class Count>
  SummedArea(std::size_t rows, std::size_t columns, Count count)
      : width_(columns + 1), sums_((rows + 1) * width_) {
    for (std::size_t row = 0; row < rows; ++row) {
      std::int64_t along = 0;
      for (std::size_t column = 0; column < columns; ++column) {
        along += count(row, column) ? 1 : 0;
        sums_[(row + 1) * width_ + column + 1] = sums_[row * width_ + column + 1] + along;
      }
    }
  }

  double sum(std::size_t top, std::size_t bottom, std::size_t left, std::size_t right) const {
    return static_cast<double>(at(bottom, right) - at(top, right) - at(bottom, left) +
                               at(top, left));
  }

 private:
  std::int64_t at(std::size_t row, std::size_t column) const {
    return sums_[row * width_ + column];
  }

  std::size_t width_;
  std::vector<std::int64_t> sums_;
};

}  // namespace

void FractionsSkill::merge(const FractionsSkill& other) {
  squared_error += other.squared_error;
  reference += other.reference;
}

FractionsSkill fractions_skill(std::span<const float> forecast, std::span<const float> truth,
                               const EventMap& map, std::span<const double> row_weights,
                               std::size_t reach) {
  const std::size_t rows = row_weights.size(), columns = map.columns;
  // A neighbourhood that goes around the circle holds each of its points once.
  const bool whole_rows = map.periodic && 2 * reach + 1 >= columns;
  const std::size_t margin = map.periodic && !whole_rows ? reach : 0;
  const auto point = [&](std::size_t row, std::size_t column) {
    return row * columns + (column + columns - margin) % columns;
  };
  const auto valid = [&](std::size_t at) {
    return !std::isnan(forecast[at]) && !std::isnan(truth[at]);
  };
  const auto table = [&](auto count) {
    return SummedArea(rows, columns + 2 * margin, [&](std::size_t row, std::size_t column) {
      const std::size_t at = point(row, column);
      return valid(at) && count(at);
    });
  };
  const auto event = [&](float value) {
    return holds(static_cast<double>(value), map.comparison, map.threshold);
  };
  const SummedArea points = table([](std::size_t) { return true; });
  const SummedArea forecasts = table([&](std::size_t at) { return event(forecast[at]); });
  const SummedArea events = table([&](std::size_t at) { return event(truth[at]); });

  FractionsSkill skill;
  for (std::size_t row = 0; row < rows; ++row) {
    const std::size_t top = row - std::min(row, reach), bottom = std::min(row + reach + 1, rows);
    for (std::size_t column = 0; column < columns; ++column) {
      if (!valid(row * columns + column)) continue;
      const std::size_t centre = column + margin;
      const std::size_t left = whole_rows ? 0 : centre - std::min(centre, reach);
      const std::size_t right =
          whole_rows ? columns : std::min(centre + reach + 1, columns + 2 * margin);
      const double count = points.sum(top, bottom, left, right);
      const double p = forecasts.sum(top, bottom, left, right) / count;
      const double o = events.sum(top, bottom, left, right) / count;
      skill.squared_error += row_weights[row] * (p - o) * (p - o);
      skill.reference += row_weights[row] * (p * p + o * o);
    }
  }
  return skill;
}

}  // namespace ladcast
