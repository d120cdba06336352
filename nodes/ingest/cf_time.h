// Time coordinates as the CF conventions write them (CF-1.8, section 4.4).
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "graph/time.h"

namespace ladcast {

/// "hours since 1900-01-01 00:00:00.0" with a calendar that is the Gregorian one for recent dates.
struct CfTimeUnits {
  double unit_seconds = 1;
  Time since{};

  /// Throws Error where the text or the calendar is not understood. An empty calendar is
  /// "standard".
  static CfTimeUnits parse(std::string_view units, std::string_view calendar);

  /// To the nearest second. Throws Error where the value is missing or absurd.
  Time decode(double value) const;
};

/// The length of a unit of time ("hours", "h", "days", "seconds", …). Throws Error.
double seconds_of(std::string_view unit);

}  // namespace ladcast
