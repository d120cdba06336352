// How GRIB2 describes our grids.
#pragma once

#include "nodes/output/grib_handle.h"
#include "nodes/values/grid.h"

namespace ladcast {

/// Throws Error, with the latitude or longitude that is out of place, unless longitudes are evenly
/// spaced, and latitudes are too or are Gaussian.
void require_grib_grid(const Grid& grid);

/// Describes `grid` from north to south and eastwards: regular_ll where latitudes are evenly
/// spaced, regular_gg where they are Gaussian. Throws Error as require_grib_grid() does.
void set_grid(GribHandle& message, const Grid& grid);

}  // namespace ladcast
