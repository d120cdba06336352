// Ensemble collapse: members that are copies, or that do not spread as far as the forecast errs.
#pragma once

#include "nodes/health/health_input.h"

namespace ladcast {

/// "distance of the nearest members", from three members on: root mean square difference of two
/// members over about 1000 points of each channel, in units of that of all pairs, then over
/// channels; the least of all pairs by the median of all pairs. At least 0.5, 0.1: independent
/// members of the small planet have 0.9 and more, however many days ahead; equal members have 0.
///
/// "spread in standard deviations" (of the reference over the globe), from two members on: root of
/// the members' mean variance. At least 1e-3, 1e-4: ERA5's own ensemble of analyses, as close as
/// members can be, has 5e-3 in geopotential at 500 hPa.
///
/// "spread by error", with truth: sqrt((M + 1) / M) spread / RMSE of the mean, which is 1 for a
/// reliable ensemble (Fortin et al. 2014, doi:10.1175/JHM-D-14-0008.1). From 0.5 to 2, 0.25 to 4:
/// below a half the spread accounts for less than a quarter of the error's variance. One initial
/// time of the small planet has 0.61 to 1.2.
void check_collapse(const HealthInput& input, HealthChecks& checks);

/// "spread by its highest before": by channel, the spread of each lead by the highest of the
/// earlier leads of the same hour of the day. At least 0.8, 0.5: errors grow until the forecast
/// knows no more than the climate, and of the small planet's 50 members the ratio is never below
/// 0.99. `checks`: those of one initial time, by lead.
HealthChecks check_falling_spread(const HealthChecks& checks);

}  // namespace ladcast
