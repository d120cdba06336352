// All checks of a forecast's health.
#pragma once

#include "nodes/health/health_input.h"

namespace ladcast {

/// Those of one lead. Throws Error where the fields cannot be compared.
HealthChecks checks_of_lead(const HealthInput& input);

/// Those that need all leads of one initial time, from the checks of each, by lead.
HealthChecks checks_over_leads(const HealthChecks& checks);

}  // namespace ladcast
