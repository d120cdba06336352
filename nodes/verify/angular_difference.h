// Differences of directions.
#pragma once

#include <cmath>

namespace ladcast {

/// The shorter arc between two directions, 0 to 180 degrees.
inline double angular_difference(double a_degrees, double b_degrees) {
  return std::abs(std::remainder(a_degrees - b_degrees, 360.0));
}

}  // namespace ladcast
