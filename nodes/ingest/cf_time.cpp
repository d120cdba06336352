#include "nodes/ingest/cf_time.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <regex>

#include "graph/error.h"

namespace ladcast {

double seconds_of(std::string_view unit) {
  struct Unit {
    double seconds;
    std::array<std::string_view, 5> names;
  };
  static constexpr std::array kUnits = {
      Unit{1, {"seconds", "second", "sec", "secs", "s"}},
      Unit{60, {"minutes", "minute", "min", "mins", "min"}},
      Unit{3600, {"hours", "hour", "hr", "hrs", "h"}},
      Unit{86400, {"days", "day", "d", "Days", "Day"}},
      Unit{1e-3, {"milliseconds", "millisecond", "msec", "msecs", "ms"}},
      Unit{1e-9, {"nanoseconds", "nanosecond", "nsec", "nsecs", "ns"}},
  };
  for (const Unit& known : kUnits) {
    if (std::find(known.names.begin(), known.names.end(), unit) != known.names.end()) {
      return known.seconds;
    }
  }
  fail("'{}' is not a unit of time", unit);
}

CfTimeUnits CfTimeUnits::parse(std::string_view units, std::string_view calendar) {
  static constexpr std::array<std::string_view, 4> kCalendars = {"", "standard", "gregorian",
                                                                 "proleptic_gregorian"};
  if (std::find(kCalendars.begin(), kCalendars.end(), calendar) == kCalendars.end()) {
    fail("the calendar '{}' is not supported; convert to the standard calendar", calendar);
  }
  static const std::regex pattern(
      R"(\s*(\w+)\s+since\s+(\d{1,4})-(\d{1,2})-(\d{1,2})(?:[T ]+(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.\d*)?)?)?\s*(?:Z|UTC|\+?00:?00)?\s*)");
  constexpr std::size_t kLongest = 100;  // the matcher's stack grows with the text
  std::cmatch match;
  if (units.size() > kLongest ||
      !std::regex_match(units.data(), units.data() + units.size(), match, pattern)) {
    fail("'{}' is not understood as \"hours since 1970-01-01 00:00:00\"",
         units.substr(0, kLongest));
  }
  const auto part = [&](std::size_t i) { return match[i].matched ? std::stoi(match[i]) : 0; };
  using namespace std::chrono;
  const year_month_day date{year{part(2)}, month{static_cast<unsigned>(part(3))},
                            day{static_cast<unsigned>(part(4))}};
  if (!date.ok()) fail("'{}' holds a day that does not exist", units);
  const Time since = sys_days{date} + hours{part(5)} + minutes{part(6)} + seconds{part(7)};
  return {seconds_of(match[1].str()), since};
}

Time CfTimeUnits::decode(double value) const {
  constexpr double kMostSeconds = 1e12;
  if (!(std::abs(value * unit_seconds) < kMostSeconds)) fail("{} is no time", value);
  return since + std::chrono::seconds{std::llround(value * unit_seconds)};
}

}  // namespace ladcast
