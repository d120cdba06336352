// Lines of equal value on a grid.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "nodes/report/svg.h"

namespace ladcast {

/// Lines where a map of rows x columns has the value `level`, by marching squares with the mean of
/// a square deciding at saddles. Points are x = column, y = row, counted from 0. A closed line ends
/// where it begins. Squares with a missing value (NaN) have no line.
std::vector<std::vector<SvgPoint>> contour_lines(std::span<const float> values, std::size_t rows,
                                                 std::size_t columns, double level);

}  // namespace ladcast
