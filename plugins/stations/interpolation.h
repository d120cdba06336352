// Values of a map between its points.
#pragma once

#include <array>
#include <span>

#include "nodes/values/grid.h"
#include "plugins/stations/places.h"

namespace ladcast {

/// The four points around a place and their shares, which add up to 1.
struct Corners {
  std::array<std::size_t, 4> points;
  std::array<double, 4> weights;

  /// NaN where a point with a share is missing.
  double value(std::span<const float> map) const;
};

enum class Interpolation { nearest, bilinear };

/// Longitudes of a global grid close across the meridian of 0. North of the last row and south of
/// the first one, by no more than a row, the row itself counts. Throws Error where the place is
/// outside of the grid.
Corners corners_of(const Grid& grid, const Place& place, Interpolation interpolation);

}  // namespace ladcast
