// Drift: a forecast that leaves the climate.
#pragma once

#include "nodes/health/health_input.h"

namespace ladcast {

/// "global mean in standard deviations" (of the analysis over the globe): the members' mean of
/// area-weighted global means.
/// - With a climatology of the valid time: how far it is outside the span between the means of the
///   analysis and of the climatology. A sound forecast goes from the first towards the second; an
///   anomaly that stays is no drift. Within +-0.12, +-0.25: on the small planet the anomaly itself
///   is at most 0.06 (precipitation 0.09). Drift of 0.1 a day is seen after 1.25 to 1.75 days and
///   fails after 3; of 0.02 a day after 6 to 9.
/// - Without: how far it is from that of the analysis. Within +-0.2, +-0.4: in 15 days season and
///   hour of the day change the mean by up to 0.15. Drift of 0.1 a day is seen after 2.25 days.
///
/// "global mean in standard deviations, worst member", from three members on: the global mean of
/// the member that is farthest from the members' median, less that median. Within +-0.12 g, +-0.25
/// g, g = natural_change(lead): in 15 days none of 50 members of the small planet's model is
/// farther than 0.084, at 6 h than 0.033, and the states of its climate are within 0.062 of their
/// climatology (precipitation 0.072). One member of 50 that drifts by 0.1 a day is seen after 1 to
/// 1.5 days and fails after 2.25 to 2.75.
///
/// "global standard deviation": root mean square over members by that of the reference, the truth
/// of the lead or else the analysis. Bounds exp(+-4 s), exp(+-6 s), s = 0.12 natural_change(lead),
/// up to a factor of 1.6: in 15 days the small planet's meridional wind changes by factors of 0.74
/// to 1.5, its temperature by less than 1.1, and ERA5's pressure by 0.83 to 1.3.
void check_drift(const HealthInput& input, HealthChecks& checks);

}  // namespace ladcast
