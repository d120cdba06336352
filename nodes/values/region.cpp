#include "nodes/values/region.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "graph/error.h"

namespace ladcast {
namespace {

constexpr double kTolerance = 1e-6;  // degrees

/// How far `longitude` lies east of `west`: 0 to below 360.
double degrees_east_of(double west, double longitude) {
  const double east = std::fmod(std::fmod(longitude - west, 360.0) + 360.0, 360.0);
  return 360.0 - east < kTolerance ? 0.0 : east;
}

double width_of(const Region& region) {
  const double width = region.east - region.west;
  return width < 0 ? width + 360 : width;
}

/// The columns inside, from west to east.
std::vector<std::size_t> columns_in(const std::vector<double>& longitudes, const Region& region) {
  std::vector<std::pair<double, std::size_t>> inside;  // by distance from the western edge
  for (std::size_t column = 0; column < longitudes.size(); ++column) {
    const double east = degrees_east_of(region.west, longitudes[column]);
    if (east <= width_of(region) + kTolerance) inside.emplace_back(east, column);
  }
  if (inside.size() < longitudes.size()) std::sort(inside.begin(), inside.end());
  std::vector<std::size_t> columns;
  for (const auto& [east, column] : inside) columns.push_back(column);
  return columns;
}

/// Ascending: what comes before a step back to the west is counted from below 0.
std::vector<double> ascending(const std::vector<double>& longitudes,
                              const std::vector<std::size_t>& columns) {
  std::vector<double> result;
  for (const std::size_t column : columns) {
    if (!result.empty() && longitudes[column] < result.back())
      for (double& before : result) before -= 360;
    result.push_back(longitudes[column]);
  }
  if (!result.empty() && result.back() < 0)
    for (double& each : result) each += 360;
  return result;
}

}  // namespace

Region parse_region(std::span<const double> degrees) {
  if (degrees.size() != 4)
    fail("a region is [north, west, south, east], not {} numbers", degrees.size());
  const Region region{degrees[0], degrees[1], degrees[2], degrees[3]};
  const auto outside = [](double x, double least, double most) {
    return !(x >= least && x <= most);
  };
  for (const double latitude : {region.north, region.south})
    if (outside(latitude, -90, 90)) fail("{} is no latitude; those are -90 to 90", latitude);
  for (const double longitude : {region.west, region.east})
    if (outside(longitude, -180, 360)) fail("{} is no longitude; those are -180 to 360", longitude);
  if (region.north < region.south)
    fail(
        "the northern edge, {}, lies south of the southern one, {}; the order is [north, west, "
        "south, east]",
        region.north, region.south);
  return region;
}

PartOfGrid part_of(const Grid& grid, const Region& region) {
  PartOfGrid part;
  for (std::size_t row = 0; row < grid.rows(); ++row) {
    const double latitude = grid.latitude[row];
    if (latitude < region.south - kTolerance || latitude > region.north + kTolerance) continue;
    part.rows.push_back(row);
    part.grid.latitude.push_back(latitude);
  }
  part.columns = columns_in(grid.longitude, region);
  part.grid.longitude = ascending(grid.longitude, part.columns);
  if (part.rows.empty())
    fail("no row of the grid lies between {} and {} N", region.south, region.north);
  if (part.columns.empty())
    fail("no column of the grid lies between {} and {} E", region.west, region.east);
  return part;
}

}  // namespace ladcast
