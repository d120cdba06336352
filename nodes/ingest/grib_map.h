// The map of a GRIB message on a latitude-longitude grid of ours.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "nodes/ingest/grib_message.h"
#include "nodes/values/grid.h"

namespace ladcast {

struct GribMap {
  Grid grid;
  std::vector<float> values;  // row-major; NaN is missing
};

/// Why maps on a grid of this type (ecCodes' gridType) are not read, and what makes a grid of them
/// that is; empty where they are read.
std::string why_grid_is_refused(const std::string& type);

/// Reads regular latitude-longitude and Gaussian grids as they are, in any scanning mode. Reduced
/// grids are brought to `wanted` by first-order conservative means; where none is wanted, to as
/// many columns as their longest row has. Throws Error for other grids.
GribMap read_map(const GribMessage& message, const std::optional<Grid>& wanted);

}  // namespace ladcast
