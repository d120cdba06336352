#include "nodes/cyclones/sphere_points.h"

#include <cmath>

#include "graph/error.h"
#include "nodes/cyclones/great_circle.h"

namespace ladcast {
namespace {

constexpr double kTiny = 1e-6;  // degrees

double mean_step(const std::vector<double>& axis) {
  return (axis.back() - axis.front()) / static_cast<double>(axis.size() - 1);
}

}  // namespace

SpherePoints::SpherePoints(const Grid& grid) : grid_(grid) {
  if (grid.rows() < 3 || grid.columns() < 3)
    fail("cyclones cannot be found on a grid of {} x {} points; give at least 3 x 3", grid.rows(),
         grid.columns());
  spacing_ = std::max(mean_step(grid.latitude), mean_step(grid.longitude));
  goes_round_ =
      grid.longitude.back() + 1.5 * mean_step(grid.longitude) > grid.longitude.front() + 360.0;
  places_.reserve(grid.points());
  for (const double latitude : grid.latitude)
    for (const double longitude : grid.longitude)
      places_.push_back({std::cos(latitude * kRadians) * std::cos(longitude * kRadians),
                         std::cos(latitude * kRadians) * std::sin(longitude * kRadians),
                         std::sin(latitude * kRadians)});
}

LatLon SpherePoints::position(std::size_t point) const {
  return {grid_.latitude[point / grid_.columns()],
          wrap_longitude(grid_.longitude[point % grid_.columns()])};
}

bool SpherePoints::is_pole(std::size_t row) const {
  return std::abs(grid_.latitude[row]) > 90.0 - kTiny;
}

bool SpherePoints::neighbours(std::size_t point, std::vector<std::size_t>& found) const {
  const std::size_t columns = grid_.columns();
  const std::size_t row = point / columns;
  const std::size_t column = point % columns;
  found.clear();
  bool whole = true;
  const auto add_around = [&](std::size_t of_row, std::size_t of_column, bool middle) {
    for (int step = -1; step <= 1; ++step) {
      if (step == 0 && !middle) continue;
      const bool outside = (step < 0 && of_column == 0) || (step > 0 && of_column + 1 == columns);
      if (outside && !goes_round_) {
        whole = false;
        continue;
      }
      found.push_back(of_row * columns +
                      (of_column + columns + static_cast<std::size_t>(step)) % columns);
    }
  };
  const auto add_row = [&](std::size_t of_row) {
    for (std::size_t c = 0; c < columns; ++c)
      if (of_row * columns + c != point) found.push_back(of_row * columns + c);
  };
  const auto beside = [&](bool there, std::size_t of_row) {
    if (there && is_pole(row)) {
      add_row(of_row);
    } else if (there) {
      add_around(of_row, column, true);
    } else if (!is_pole(row)) {
      const bool next_to_pole =
          90.0 - std::abs(grid_.latitude[row]) < 1.5 * mean_step(grid_.latitude);
      if (next_to_pole && goes_round_)
        add_around(row, (column + columns / 2) % columns, true);
      else
        whole = false;
    }
  };
  beside(row > 0, row - 1);
  if (is_pole(row))
    add_row(row);
  else
    add_around(row, column, false);
  beside(row + 1 < grid_.rows(), row + 1);
  return whole;
}

double SpherePoints::chord2(std::size_t a, std::size_t b) const {
  double sum = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    const double difference = places_[a][i] - places_[b][i];
    sum += difference * difference;
  }
  return sum;
}

double SpherePoints::chord2_of(double degrees) {
  const double half = std::sin(std::min(degrees, 180.0) * kRadians / 2);
  return 4.0 * half * half * (1.0 + 1e-12);
}

std::vector<std::size_t> SpherePoints::within(std::size_t point, double degrees) const {
  const double limit = chord2_of(degrees);
  const double latitude = position(point).latitude;
  std::vector<std::size_t> found;
  for (std::size_t row = 0; row < grid_.rows(); ++row) {
    if (std::abs(grid_.latitude[row] - latitude) > degrees + kTiny) continue;
    for (std::size_t at = row * grid_.columns(); at < (row + 1) * grid_.columns(); ++at)
      if (chord2(point, at) <= limit) found.push_back(at);
  }
  return found;
}

}  // namespace ladcast
