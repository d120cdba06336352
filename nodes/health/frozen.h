// Frozen maps: a forecast that does not move.
#pragma once

#include "nodes/health/health_input.h"

namespace ladcast {

/// "change since the analysis in standard deviations" (of the analysis over the globe): root mean
/// square difference from the analysis of the member that has changed least. At least 0.01 g, 0.002
/// g, g = natural_change(lead), or a quarter of the truth's own change where that is less. States
/// of the small planet that are 6 h apart differ by 0.037 (geopotential at 250 hPa) and more, those
/// two days apart by 0.13 and more; persistence by 0.
void check_frozen(const HealthInput& input, HealthChecks& checks);

/// "change since the lead before": by channel, the relative change of that difference, where the
/// same member has the least at both leads: of all members, or of one that has stopped and fallen
/// behind the others. At least 1e-9: equal maps have 0, and two others agree as closely once in
/// 1e8. `checks`: those of one initial time, by lead.
///
/// Sea surface temperature is left out of both, as analyses hold it for a day.
HealthChecks check_frozen_over_leads(const HealthChecks& checks);

}  // namespace ladcast
