// The latitude-longitude grid of a field.
#pragma once

#include <cstddef>
#include <vector>

namespace ladcast {

/// Coordinates in degrees. Latitudes run from south to north, longitudes eastward from 0 to below
/// 360; those of a region across 0 E begin below 0.
struct Grid {
  std::vector<double> latitude;
  std::vector<double> longitude;

  std::size_t rows() const { return latitude.size(); }
  std::size_t columns() const { return longitude.size(); }
  std::size_t points() const { return rows() * columns(); }
  bool operator==(const Grid&) const = default;
};

}  // namespace ladcast
