// The map of a GRIB message on a latitude-longitude grid of ours.
#pragma once

#include <optional>
#include <vector>

#include "nodes/ingest/grib_message.h"
#include "nodes/values/grid.h"

namespace ladcast {

struct GribMap {
  Grid grid;
  std::vector<float> values;  // row-major; NaN is missing
};

/// Reads regular latitude-longitude and Gaussian grids as they are, in any scanning mode. Reduced
/// grids are brought to `wanted` by first-order conservative means; where none is wanted, to as
/// many columns as their longest row has. Throws Error for other grids, with what makes a grid of
/// them that is read.
GribMap read_map(const GribMessage& message, const std::optional<Grid>& wanted);

}  // namespace ladcast
