// Times of analyses and forecasts: UTC, to the second, without a time zone database.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace ladcast {

using Time = std::chrono::sys_seconds;

/// Reads "2018-01-03T06:00:00Z", "2018-01-03T06:00", "2018-01-03T06" or "2018-01-03". Throws Error.
Time parse_time(std::string_view text);

/// "2018-01-03T06:00:00Z".
std::string format_time(Time time);

/// "20180103T06", as file names have it ("20180103T0630" off the hour).
std::string compact_time(Time time);

/// "2018-01-03T06", as messages have it ("2018-01-03T06:30" off the hour).
std::string short_time(Time time);

}  // namespace ladcast
