// The points of a grid as places on the globe: neighbours and distances.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "nodes/values/grid.h"
#include "nodes/values/tracks.h"

namespace ladcast {

/// Neighbours meet across the ends of the rows where these go round the globe, and across a pole
/// where the outer row is next to it. The points of a row at a pole are one place.
class SpherePoints {
 public:
  explicit SpherePoints(const Grid& grid);

  std::size_t size() const { return grid_.points(); }
  const Grid& grid() const { return grid_; }
  /// The longer of the steps between rows and between columns, in degrees.
  double spacing() const { return spacing_; }
  LatLon position(std::size_t point) const;

  /// Fills `found` with the points around `point`. False where the grid ends there, so that some of
  /// them are not known.
  bool neighbours(std::size_t point, std::vector<std::size_t>& found) const;

  /// Square of the straight line through the Earth between two points, in radii of the Earth.
  double chord2(std::size_t a, std::size_t b) const;
  /// The chord2() of points that are so many degrees apart along the great circle.
  static double chord2_of(double degrees);

  /// All points at most `degrees` from `point`, itself included, in the order of the grid.
  std::vector<std::size_t> within(std::size_t point, double degrees) const;

 private:
  bool is_pole(std::size_t row) const;

  Grid grid_;
  double spacing_;
  bool goes_round_;
  std::vector<std::array<double, 3>> places_;  // on the unit sphere
};

}  // namespace ladcast
