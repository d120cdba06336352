// Brings maps of any orientation to ours: south to north, from 0 degrees east.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "nodes/values/grid.h"

namespace ladcast {

struct Orientation {
  Grid grid;                         // as ours
  std::vector<std::size_t> rows;     // where each of its latitudes is in the file
  std::vector<std::size_t> columns;  // where each of its longitudes is in the file
};

/// Any order and any origin of longitude. Throws Error where a coordinate is repeated (0 and 360).
Orientation orient(std::span<const double> latitudes, std::span<const double> longitudes);

/// "73 latitudes from -90 to 90 and 144 longitudes from 0 to 357.5".
std::string describe(const Grid& grid);

/// Throws Error with both grids in words unless they agree within 0.001 degrees.
void require_grid(const Grid& found, const Grid& wanted);

}  // namespace ladcast
