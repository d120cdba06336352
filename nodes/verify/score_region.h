// Parts of the globe for which scores are averaged.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "nodes/values/grid.h"
#include "nodes/values/region.h"

namespace ladcast {

struct ScoreRegion {
  enum class Surface { any, land, sea };

  std::string name;
  std::vector<Region> boxes;  // a point counts if it is in one of them; none: the whole grid
  Surface surface = Surface::any;
};

/// The named regions, those of WeatherBench 2 (scripts/evaluate.py).
std::vector<std::string> score_region_names();

/// "tropics", "europe land", "global sea" or a box "60/-10/35/30" (north/west/south/east, degrees).
/// Throws Error.
ScoreRegion parse_score_region(std::string_view text);

/// The weight of each point: `row_weights` inside the boxes, 0 outside, times the part of the cell
/// that is land (or sea). `land`: 0 to 1 by point; needed for a region of land or sea alone. Where
/// it is NaN the point is in neither. Throws Error where it is not there, or no point of the grid
/// is in the region.
std::vector<double> point_weights(const ScoreRegion& region, const Grid& grid,
                                  std::span<const double> row_weights, std::span<const float> land);

}  // namespace ladcast
