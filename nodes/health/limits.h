// What a measure may be before it is a fault.
//
// The limits were measured on a year of the small planet's climate model (1460 six-hourly states,
// taken as forecasts from those 6 h to 15 days before), on three months of ERA5 (mean sea level
// pressure and vorticity at 850 hPa on 2.5 degrees) and on single global states of ERA5 and GFS;
// those of one member among others on 50 members of the small planet's model over 15 days.
// Each is beyond what these reach, apart from a few in 100,000 comparisons.
#pragma once

#include <limits>
#include <string>

#include "nodes/values/health.h"

namespace ladcast {

/// Outside the inner pair is a warning, outside the outer pair a failure.
struct Limits {
  double fail_below = -std::numeric_limits<double>::infinity();
  double warn_below = -std::numeric_limits<double>::infinity();
  double warn_above = std::numeric_limits<double>::infinity();
  double fail_above = std::numeric_limits<double>::infinity();
};

Limits at_most(double warn, double fail);
Limits at_least(double warn, double fail);
/// From -warn to warn, and from -fail to fail.
Limits within(double warn, double fail);
/// From 1 / warn to warn, and from 1 / fail to fail.
Limits within_factor(double warn, double fail);

/// Sets the value, the bounds, the verdict and, where it is not ok, the advice.
HealthCheck judged(HealthCheck check, double value, const Limits& limits, const char* advice);

/// How much two states that are `hours` apart differ in a measure, as a part of what states weeks
/// apart do: sqrt(1 - exp(-hours / 19.2)), which is 0.52 at 6 h, 0.85 at one day and 1 after five.
/// An upper estimate: the powers of short waves and the polar rows of the small planet have 0.3,
/// 0.6 and 0.9.
double natural_change(int hours);

}  // namespace ladcast
