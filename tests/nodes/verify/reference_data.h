// The real data and the recorded scores that verification is compared with:
// shared/spec/verification.md, section 9. LADCAST_DATA names another data folder.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "nodes/values/fields.h"

namespace ladcast {

/// A file of recorded scores. Empty, with a loud line, where it is not there.
nlohmann::json read_reference(const std::string& name);

/// One of the members.
Fields member_of(const Fields& all, std::size_t member);

/// The ERA5 ensemble at one of its four times, z and t at 500 and 850 hPa, as differences from
/// member 0. All scores are of differences, and these keep what float32 would round off
/// temperatures: the file has more digits.
struct Era5 {
  Fields members;      // 0 to 9; 0 is the truth
  Fields climatology;  // the mean of members 1 to 9 over all times
};

/// At all of its times.
std::vector<Era5> era5();

/// ERA5's mean sea level pressure every six hours from December to February.
std::vector<Fields> season_of_pressure();

}  // namespace ladcast
