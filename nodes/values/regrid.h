// Maps from one latitude-longitude grid to another.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "nodes/values/grid.h"

namespace ladcast {

/// Whether the points are the same within 0.001 degrees.
bool same_grid(const Grid& a, const Grid& b);

/// Whether longitudes go around the globe and latitudes from pole to pole, but for the cells at the
/// ends.
bool covers_globe(const Grid& grid);

/// Throws Error "the WHICH covers …, not the globe", also where there are fewer than 2 x 2 points.
void require_global(const Grid& grid, const char* which);

/// conservative: first order, area-weighted means as WeatherBench 2 makes its grids (formula:
/// Jones 1999, doi:10.1175/1520-0493(1999)127<2204:FASOCR>2.0.CO;2, without gradients). Cells reach
/// half way to the neighbouring points and up to the poles. A point is missing where no valid cell
/// overlaps; otherwise the valid ones count.
/// bilinear: between the four points around; poleward of the last row that row's value. A point is
/// missing where one of those that count is.
enum class RegridMethod { conservative, bilinear };

/// The points of a line that make up a point of another line; the weights sum to 1.
struct LineWeights {
  std::vector<std::size_t> index;
  std::vector<double> weight;
};

/// `count` longitudes from 0 degrees east.
std::vector<double> evenly_around(std::size_t count);

/// Overlap of periodic cells around `to` with those around `from`, both in degrees, ascending and
/// all around the circle.
std::vector<LineWeights> overlap_on_circle(std::span<const double> from,
                                           std::span<const double> to);

/// Overlap in area of cells around the latitudes `to` with those around `from`, both in degrees,
/// ascending, the outermost cells reaching to the poles.
std::vector<LineWeights> overlap_of_rows(std::span<const double> from, std::span<const double> to);

/// A grid whose rows have points of their own: `lengths[i]` of them evenly around the circle from 0
/// degrees east at `latitude[i]` (degrees, ascending).
struct ReducedGrid {
  std::vector<double> latitude;
  std::vector<std::size_t> lengths;
};

/// Between two global grids, the weights being products of one for the row and one for the column.
/// Values in double precision. Thread-safe once made.
class Regridder {
 public:
  /// Throws Error where `from` or `to` does not go around the globe.
  Regridder(const Grid& from, const Grid& to, RegridMethod method);

  /// Conservative.
  Regridder(const ReducedGrid& from, const Grid& to);

  /// One map, row-major, NaN = missing. Requires: the sizes of the two grids.
  void apply(std::span<const float> from, std::span<float> to) const;

 private:
  struct Row {
    std::size_t begin;    // in the old map
    std::size_t columns;  // index into columns_
  };

  RegridMethod method_;
  std::vector<Row> from_;
  std::vector<LineWeights> rows_;                  // of old rows, for each new row
  std::vector<std::vector<LineWeights>> columns_;  // by kind of old row, for each new column
};

}  // namespace ladcast
