// How GRIB2 describes our grids.
#pragma once

#include "nodes/output/grib_handle.h"
#include "nodes/values/grid.h"

namespace ladcast {

/// Describes `grid` from north to south and eastwards: regular_ll where latitudes are evenly
/// spaced, regular_gg where they are Gaussian. Throws Error for any other grid, with the latitude
/// or longitude that is out of place.
void set_grid(GribHandle& message, const Grid& grid);

}  // namespace ladcast
