// Values that the atmosphere does not have.
#pragma once

#include "nodes/health/health_input.h"

namespace ladcast {

/// "share below -0.02 standard deviations" of specific humidity, "share below -0.1 mm" of
/// precipitation: part of the globe's area, members' mean, less that of the analysis. Rounding and
/// regridding leave less; 0.1 mm is what gauges resolve, and a SEEPS day is dry below 0.25 mm. At
/// most 0.01, 0.1.
///
/// "share of superadiabatic layers" between neighbouring levels that have temperature and
/// geopotential: part of the area where temperature falls by more than 10.26 K per km (dry
/// adiabatic: 9.76), members' mean, less that of the analysis. At most 0.005, 0.05: states of ERA5
/// and GFS on 13 levels have at most 0.0002, between 1000 and 925 hPa.
///
/// "strongest wind" of the worst member, m/s: at most 150. The jets of those states have 86.
void check_ranges(const HealthInput& input, HealthChecks& checks);

}  // namespace ladcast
