// Missing values: NaN, and never scored as zero.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <vector>

namespace ladcast {

inline constexpr double kMissingScore = std::numeric_limits<double>::quiet_NaN();

/// The members that are there.
inline std::vector<double> valid_members(std::span<const double> members) {
  std::vector<double> valid;
  std::copy_if(members.begin(), members.end(), std::back_inserter(valid),
               [](double member) { return !std::isnan(member); });
  return valid;
}

}  // namespace ladcast
