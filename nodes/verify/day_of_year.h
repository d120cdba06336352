// Days of the year, as climatologies count them.
#pragma once

#include <algorithm>
#include <chrono>

#include "graph/time.h"

namespace ladcast {

/// 1 on 1 January to 365, or 366 in a leap year.
inline int day_of_year(Time time) {
  using namespace std::chrono;
  const auto day = floor<days>(time);
  return static_cast<int>((day - sys_days{year_month_day{day}.year() / January / 1}).count()) + 1;
}

/// The same day of the year and time of the day in another year; day 366 is 365 where it has none.
inline Time same_day_in(std::chrono::year year, Time time) {
  using namespace std::chrono;
  const int day = std::min(day_of_year(time), year.is_leap() ? 366 : 365);
  return sys_days{year / January / 1} + days{day - 1} + (time - floor<days>(time));
}

}  // namespace ladcast
