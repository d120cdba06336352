#include "plugins/stations/interpolation.h"

#include <algorithm>
#include <cmath>

namespace ladcast {
namespace {

/// Between two coordinates of an axis.
struct Between {
  std::size_t low, high;
  double share;  // of the high one
};

Between between_rows(const std::vector<double>& rows, double latitude, const Place& place) {
  const auto above = std::upper_bound(rows.begin(), rows.end(), latitude);
  const auto high = static_cast<std::size_t>(above - rows.begin());
  if (high > 0 && high < rows.size())
    return {high - 1, high, (latitude - rows[high - 1]) / (rows[high] - rows[high - 1])};
  const std::size_t edge = high == 0 ? 0 : rows.size() - 1;
  const double spacing = rows.size() > 1 ? rows[1] - rows[0] : 0;
  if (std::abs(latitude - rows[edge]) > spacing)
    fail("'{}' lies outside of the grid, whose latitudes run from {} to {}", place.name,
         rows.front(), rows.back());
  return {edge, edge, 0};
}

Between between_columns(const std::vector<double>& columns, double longitude, const Place& place) {
  if (longitude >= columns.front() + 360) longitude -= 360;  // a region across 0 E
  const auto above = std::upper_bound(columns.begin(), columns.end(), longitude);
  const auto high = static_cast<std::size_t>(above - columns.begin());
  if (high > 0 && high < columns.size())
    return {high - 1, high, (longitude - columns[high - 1]) / (columns[high] - columns[high - 1])};
  const std::size_t last = columns.size() - 1;
  if (longitude == columns[last]) return {last, last, 0};
  const double gap = columns.front() + 360 - columns.back();
  const double spacing = columns.size() > 1 ? columns[1] - columns[0] : 360;
  if (gap > 1.5 * spacing)
    fail("'{}' lies outside of the grid, whose longitudes run from {} to {}", place.name,
         columns.front(), columns.back());
  const double east = longitude - columns.back() + (high == 0 ? 360 : 0);
  return {last, 0, east / gap};
}

}  // namespace

double Corners::value(std::span<const float> map) const {
  double sum = 0;
  for (std::size_t i = 0; i < points.size(); ++i)
    if (weights[i] > 0) sum += weights[i] * static_cast<double>(map[points[i]]);
  return sum;
}

Corners corners_of(const Grid& grid, const Place& place, Interpolation interpolation) {
  Between row = between_rows(grid.latitude, place.latitude, place);
  Between column = between_columns(grid.longitude, place.longitude, place);
  if (interpolation == Interpolation::nearest)
    for (Between* axis : {&row, &column}) axis->share = axis->share > 0.5 ? 1 : 0;
  const std::size_t low = row.low * grid.columns(), high = row.high * grid.columns();
  return {{low + column.low, low + column.high, high + column.low, high + column.high},
          {(1 - row.share) * (1 - column.share), (1 - row.share) * column.share,
           row.share * (1 - column.share), row.share * column.share}};
}

}  // namespace ladcast
