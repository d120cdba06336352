// The tracker of LaDCast's own evaluation (its evaluate/track.py), step by step as it does.
#pragma once

#include <span>
#include <vector>

#include "nodes/values/grid.h"
#include "nodes/values/tracks.h"

namespace ladcast {

/// From its last position a cyclone goes to the nearest local minimum of mean sea level pressure in
/// a box around it. For each inner width s, in turn: the box is s + 2 `grid_degrees` wide,
/// candidates are its points that are lowest among all within s / 2 degrees of latitude and of
/// longitude, those on its edge are left out, and the nearest (in squared degrees, a degree of
/// longitude counting as one of latitude) is taken. Where that is the last position itself, the
/// next width is tried; after the last one the cyclone stays. So one that does not move, one that
/// is lost and one without any minimum look alike. Missing values are never a minimum.
struct LadcastTracker {
  std::vector<double> inner_widths{7.0, 4.0, 1.0};
  double grid_degrees = 1.5;

  /// `observed` on the grid, halves to even. The longitude may come out as 360.
  LatLon start(const LatLon& observed) const;

  /// The next position, or `last`.
  LatLon next(const Grid& grid, std::span<const float> msl, const LatLon& last) const;
};

}  // namespace ladcast
