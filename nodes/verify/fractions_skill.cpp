#include "nodes/verify/fractions_skill.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "nodes/verify/missing.h"

namespace ladcast {
namespace {

// Probabilities are added up as whole numbers of such parts, so that sums are exact and a
// neighbourhood without the event has exactly 0.
constexpr double kParts = 1ULL << 38U;

// Sums over rectangles from four corners: at(r, c) is the sum over rows before r and columns
// before c.
class SummedArea {
 public:
  template <class Value>
  SummedArea(std::size_t rows, std::size_t columns, Value value)
      : width_(columns + 1), sums_((rows + 1) * width_) {
    for (std::size_t row = 0; row < rows; ++row) {
      std::int64_t along = 0;
      for (std::size_t column = 0; column < columns; ++column) {
        along += std::llround(kParts * value(row, column));
        sums_[(row + 1) * width_ + column + 1] = sums_[row * width_ + column + 1] + along;
      }
    }
  }

  double sum(std::size_t top, std::size_t bottom, std::size_t left, std::size_t right) const {
    return static_cast<double>(at(bottom, right) - at(top, right) - at(bottom, left) +
                               at(top, left)) /
           kParts;
  }

 private:
  std::int64_t at(std::size_t row, std::size_t column) const {
    return sums_[row * width_ + column];
  }

  std::size_t width_;
  std::vector<std::int64_t> sums_;
};

}  // namespace

std::vector<double> event_probabilities(std::span<const std::span<const float>> members,
                                        const EventMap& map) {
  if (members.empty()) return {};
  const std::size_t points = members.front().size();
  std::vector<double> events(points, 0.0), there(points, 0.0);
  for (const auto& member : members)
    for (std::size_t point = 0; point < points; ++point) {
      if (!std::isfinite(member[point])) continue;
      there[point] += 1.0;
      if (holds(static_cast<double>(member[point]), map.comparison, map.threshold))
        events[point] += 1.0;
    }
  for (std::size_t point = 0; point < points; ++point) events[point] /= there[point];
  return events;
}

FractionsMaps compare_fractions(std::span<const double> probabilities, std::span<const float> truth,
                                const EventMap& map, std::size_t reach) {
  const std::size_t columns = map.columns, rows = truth.size() / columns;
  // A neighbourhood that goes around the circle holds each of its points once.
  const bool whole_rows = map.periodic && 2 * reach + 1 >= columns;
  // The maps are extended by so many columns on both sides.
  const std::size_t margin = map.periodic && !whole_rows ? reach : 0;
  const auto valid = [&](std::size_t at) {
    return !std::isnan(probabilities[at]) && std::isfinite(truth[at]);
  };
  const auto table = [&](auto value) {
    return SummedArea(rows, columns + 2 * margin, [&](std::size_t row, std::size_t column) {
      const std::size_t at = row * columns + (column + columns - margin) % columns;
      return valid(at) ? value(at) : 0.0;
    });
  };
  const SummedArea points = table([](std::size_t) { return 1.0; });
  const SummedArea forecasts = table([&](std::size_t at) { return probabilities[at]; });
  const SummedArea events = table([&](std::size_t at) {
    return holds(static_cast<double>(truth[at]), map.comparison, map.threshold) ? 1.0 : 0.0;
  });

  FractionsMaps maps{std::vector(truth.size(), kMissingScore),
                     std::vector(truth.size(), kMissingScore)};
  for (std::size_t row = 0; row < rows; ++row) {
    const std::size_t top = row - std::min(row, reach), bottom = std::min(row + reach + 1, rows);
    for (std::size_t column = 0; column < columns; ++column) {
      const std::size_t at = row * columns + column;
      if (!valid(at)) continue;
      const std::size_t centre = column + margin;
      const std::size_t left = whole_rows ? 0 : centre - std::min(centre, reach);
      const std::size_t right =
          whole_rows ? columns : std::min(centre + reach + 1, columns + 2 * margin);
      const double count = points.sum(top, bottom, left, right);
      const double p = forecasts.sum(top, bottom, left, right) / count;
      const double o = events.sum(top, bottom, left, right) / count;
      maps.squared_error[at] = (p - o) * (p - o);
      maps.reference[at] = p * p + o * o;
    }
  }
  return maps;
}

}  // namespace ladcast
