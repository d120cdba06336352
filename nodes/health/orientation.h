// Orientation: maps that are mirrored, or turned about the earth's axis.
#pragma once

#include "nodes/health/health_input.h"

namespace ladcast {

/// "difference from the analysis once turned": root mean square difference from the analysis of the
/// map turned north to south, by 180 degrees of longitude or east to west, whichever fits best
/// (`where`), by that of the map as it is: of the members' mean. At least 0.65, 0.5: at 6 h the
/// small planet has 2.0 and more, its model 1.5 and more; as the forecast forgets the analysis the
/// ratio goes to 1, and neither is ever below 0.71. A turned state has at most 0.5 at 6 h, in every
/// channel and for each of the three turns. After a day it has 0.09 to 1, and little for long only
/// where the climate itself differs between what the turn exchanges (temperature, humidity): a turn
/// is told at the first leads.
///
/// "…, worst member", from three members on: of one member, same limits.
///
/// Nothing is checked on a grid that is not global, has an odd number of longitudes, or latitudes
/// that are not the same on both hemispheres.
void check_orientation(const HealthInput& input, HealthChecks& checks);

}  // namespace ladcast
