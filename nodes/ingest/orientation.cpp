#include "nodes/ingest/orientation.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "graph/error.h"
#include "nodes/values/regrid.h"

namespace ladcast {
namespace {

/// The indices of `values` in ascending order of value.
std::vector<std::size_t> ascending(const std::vector<double>& values, const char* name) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  for (std::size_t i = 1; i < order.size(); ++i) {
    if (values[order[i]] - values[order[i - 1]] < 1e-6) {
      fail("{} {} is there twice", name, values[order[i]]);
    }
  }
  return order;
}

std::vector<double> picked(const std::vector<double>& values,
                           const std::vector<std::size_t>& order) {
  std::vector<double> result;
  for (const std::size_t i : order) result.push_back(values[i]);
  return result;
}

double eastward(double longitude) {
  const double east = std::fmod(std::fmod(longitude, 360.0) + 360.0, 360.0);
  return 360.0 - east < 1e-6 ? 0.0 : east;
}

/// Columns that leave a gap elsewhere than at 0 E are those of a region across 0 E, which begins
/// east of the gap and below 0. Ascending, from 0 to below 360.
void begin_east_of_gap(std::vector<double>& longitudes, std::vector<std::size_t>& columns) {
  const std::size_t count = longitudes.size();
  std::size_t first = 0;
  double widest = longitudes.empty() ? 0 : longitudes.front() + 360 - longitudes.back();
  const double around = widest;
  for (std::size_t i = 1; i < count; ++i) {
    if (longitudes[i] - longitudes[i - 1] <= widest) continue;
    widest = longitudes[i] - longitudes[i - 1];
    first = i;
  }
  const double usual = (360 - widest) / static_cast<double>(std::max<std::size_t>(count, 2) - 1);
  if (first == 0 || widest < 2.5 * usual || around > 1.5 * usual) return;
  for (std::size_t i = first; i < count; ++i) longitudes[i] -= 360;
  const auto by = static_cast<std::ptrdiff_t>(first);
  std::rotate(longitudes.begin(), longitudes.begin() + by, longitudes.end());
  std::rotate(columns.begin(), columns.begin() + by, columns.end());
}

}  // namespace

std::string describe(const Grid& grid) {
  if (grid.points() == 0) return "no points";
  return fmt::format("{} latitudes from {:.6g} to {:.6g} and {} longitudes from {:.6g} to {:.6g}",
                     grid.rows(), grid.latitude.front(), grid.latitude.back(), grid.columns(),
                     grid.longitude.front(), grid.longitude.back());
}

Orientation orient(std::span<const double> latitudes, std::span<const double> longitudes) {
  const std::vector<double> north(latitudes.begin(), latitudes.end());
  std::vector<double> east(longitudes.begin(), longitudes.end());
  std::transform(east.begin(), east.end(), east.begin(), eastward);
  Orientation result;
  result.rows = ascending(north, "latitude");
  result.columns = ascending(east, "longitude");
  result.grid = {picked(north, result.rows), picked(east, result.columns)};
  begin_east_of_gap(result.grid.longitude, result.columns);
  return result;
}

void require_grid(const Grid& found, const Grid& wanted) {
  if (same_grid(found, wanted)) return;
  fail("the grid has {}; wanted are {}", describe(found), describe(wanted));
}

}  // namespace ladcast
