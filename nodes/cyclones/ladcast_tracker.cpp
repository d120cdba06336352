#include "nodes/cyclones/ladcast_tracker.h"

#include <cmath>
#include <optional>

#include "nodes/cyclones/great_circle.h"

namespace ladcast {
namespace {

constexpr double kOnEdge = 1e-6;  // degrees

/// All points within `half` degrees of a centre, as rows and columns of the grid.
struct Box {
  std::vector<std::size_t> rows, columns;
  double south, north, west, east;

  Box(const Grid& grid, const LatLon& centre, double half)
      : south(centre.latitude - half),
        north(centre.latitude + half),
        west(wrap_longitude(centre.longitude - half)),
        east(wrap_longitude(centre.longitude + half)) {
    for (std::size_t row = 0; row < grid.rows(); ++row)
      if (grid.latitude[row] >= south && grid.latitude[row] <= north) rows.push_back(row);
    for (std::size_t column = 0; column < grid.columns(); ++column) {
      const double longitude = wrap_longitude(grid.longitude[column]);
      const bool inside = west <= east ? longitude >= west && longitude <= east
                                       : longitude >= west || longitude <= east;
      if (inside) columns.push_back(column);
    }
  }
  bool on_edge(const LatLon& place) const {
    return std::abs(place.latitude - south) < kOnEdge ||
           std::abs(place.latitude - north) < kOnEdge ||
           wrap_longitude(place.longitude - west) < kOnEdge ||
           wrap_longitude(place.longitude - east) < kOnEdge;
  }
};

bool is_lowest(const Grid& grid, std::span<const float> msl, const LatLon& place, float value,
               double half) {
  const Box box(grid, place, half);
  for (const std::size_t row : box.rows)
    for (const std::size_t column : box.columns)
      if (msl[row * grid.columns() + column] < value) return false;
  return !std::isnan(value);
}

std::optional<LatLon> nearest_minimum(const Grid& grid, std::span<const float> msl,
                                      const LatLon& centre, double inner, double outer) {
  const Box box(grid, centre, outer / 2);
  std::optional<LatLon> nearest;
  double least = 0;
  for (const std::size_t row : box.rows) {
    for (const std::size_t column : box.columns) {
      const LatLon place{grid.latitude[row], wrap_longitude(grid.longitude[column])};
      const float value = msl[row * grid.columns() + column];
      if (box.on_edge(place) || !is_lowest(grid, msl, place, value, inner / 2)) continue;
      const double east = longitude_difference(place.longitude, centre.longitude);
      const double north = place.latitude - centre.latitude;
      const double distance = north * north + east * east;
      if (nearest && distance >= least) continue;
      nearest = place;
      least = distance;
    }
  }
  return nearest;
}

}  // namespace

LatLon LadcastTracker::start(const LatLon& observed) const {
  const auto snap = [this](double degrees) {
    return std::nearbyint(degrees / grid_degrees) * grid_degrees;
  };
  return {snap(observed.latitude), snap(observed.longitude)};
}

LatLon LadcastTracker::next(const Grid& grid, std::span<const float> msl,
                            const LatLon& last) const {
  for (const double inner : inner_widths) {
    const auto found = nearest_minimum(grid, msl, last, inner, inner + 2 * grid_degrees);
    if (found && *found != last) return *found;
  }
  return last;
}

}  // namespace ladcast
