// The part of a grid between two parallels and two meridians.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "nodes/values/grid.h"

namespace ladcast {

/// Degrees. West is left of east; either may be counted from -180 or from 0.
struct Region {
  double north = 90, west = 0, south = -90, east = 360;
};

/// Reads north, west, south and east, the order in which the Climate Data Store has them. Throws
/// Error.
Region parse_region(std::span<const double> degrees);

/// Some rows and columns of a grid, and the grid that they are.
struct PartOfGrid {
  Grid grid;
  std::vector<std::size_t> rows, columns;
};

/// The rows and columns whose centres are in the region, from west to east. Longitudes begin below
/// 0 only where the region lies across 0 E and does not go around the globe. Throws Error where
/// there are none.
PartOfGrid part_of(const Grid& grid, const Region& region);

}  // namespace ladcast
