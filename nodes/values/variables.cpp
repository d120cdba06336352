#include "nodes/values/variables.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <regex>

#include "graph/error.h"

namespace ladcast {
namespace {

using enum Surface;

// Sources: ECMWF parameter database, WMO GRIB2 code table 4.2, CF standard name table.
// clang-format off
constexpr std::array kVariables = {
    Variable{"geopotential", "z", "z", 129, {0, 3, 4}, isobaric, 0, 0,
             "m2 s-2", "geopotential", "geopotential"},
    Variable{"specific_humidity", "q", "q", 133, {0, 1, 0}, isobaric, 0, 0,
             "kg kg-1", "specific_humidity", "specific humidity"},
    Variable{"temperature", "t", "t", 130, {0, 0, 0}, isobaric, 0, 0,
             "K", "air_temperature", "temperature"},
    Variable{"u_component_of_wind", "u", "u", 131, {0, 2, 2}, isobaric, 0, 0,
             "m s-1", "eastward_wind", "eastward wind"},
    Variable{"v_component_of_wind", "v", "v", 132, {0, 2, 3}, isobaric, 0, 0,
             "m s-1", "northward_wind", "northward wind"},
    Variable{"vertical_velocity", "w", "w", 135, {0, 2, 8}, isobaric, 0, 0,
             "Pa s-1", "lagrangian_tendency_of_air_pressure", "vertical velocity"},
    Variable{"10m_u_component_of_wind", "10u", "u10", 165, {0, 2, 2}, height, 10, 0,
             "m s-1", "eastward_wind", "eastward wind at 10 m"},
    Variable{"10m_v_component_of_wind", "10v", "v10", 166, {0, 2, 3}, height, 10, 0,
             "m s-1", "northward_wind", "northward wind at 10 m"},
    Variable{"2m_temperature", "2t", "t2m", 167, {0, 0, 0}, height, 2, 0,
             "K", "air_temperature", "temperature at 2 m"},
    Variable{"mean_sea_level_pressure", "msl", "msl", 151, {0, 3, 0}, sea_level, 0, 0,
             "Pa", "air_pressure_at_mean_sea_level", "mean sea level pressure"},
    Variable{"sea_surface_temperature", "sst", "sst", 34, {10, 3, 0}, ground, 0, 0,
             "K", "sea_surface_temperature", "sea surface temperature"},
    Variable{"total_precipitation_6hr", "tp", "tp", 228, {0, 1, 52}, ground, 0, 6,
             "m", "lwe_thickness_of_precipitation_amount", "total precipitation of the preceding 6 h"},
    Variable{"total_precipitation", "tp", "tp", 228, {0, 1, 52}, ground, 0, 1,
             "m", "lwe_thickness_of_precipitation_amount", "total precipitation of the preceding hour"},
    Variable{"total_precipitation_since_start", "tp", "tp", 228, {0, 1, 52}, ground, 0, kSinceStart,
             "m", "lwe_thickness_of_precipitation_amount", "total precipitation since the start"},
    Variable{"geopotential_height", "gh", "gh", 156, {0, 3, 5}, isobaric, 0, 0,
             "m", "geopotential_height", "geopotential height"},
    Variable{"relative_humidity", "r", "r", 157, {0, 1, 1}, isobaric, 0, 0,
             "%", "relative_humidity", "relative humidity"},
    Variable{"dew_point_temperature", "dpt", "dpt", 3017, {0, 0, 6}, isobaric, 0, 0,
             "K", "dew_point_temperature", "dew point temperature"},
    Variable{"geometric_vertical_velocity", "wz", "wz", 260238, {0, 2, 9}, isobaric, 0, 0,
             "m s-1", "upward_air_velocity", "geometric vertical velocity"},
    Variable{"pressure_reduced_to_mean_sea_level", "prmsl", "prmsl", 260074, {0, 3, 1}, sea_level, 0, 0,
             "Pa", "", "pressure reduced to mean sea level"},
    Variable{"skin_temperature", "skt", "skt", 235, {0, 0, 17}, ground, 0, 0,
             "K", "surface_temperature", "skin temperature"},
    Variable{"skin_temperature", "skt", "skt", 0, {0, 0, 0}, ground, 0, 0,
             "K", "surface_temperature", "skin temperature"},  // of GFS
    Variable{"surface_pressure", "sp", "sp", 134, {0, 3, 0}, ground, 0, 0,
             "Pa", "surface_air_pressure", "surface pressure"},
    Variable{"land_sea_mask", "lsm", "lsm", 172, {2, 0, 0}, ground, 0, 0,
             "1", "land_area_fraction", "land-sea mask"},
    Variable{"geopotential_at_surface", "z_surface", "z_surface", 0, {0, 3, 4}, ground, 0, 0,
             "m2 s-2", "surface_geopotential", "geopotential at the surface"},
    Variable{"standard_deviation_of_orography", "sdor", "sdor", 160, {0, 3, 20}, ground, 0, 0,
             "m", "", "standard deviation of sub-gridscale orography"},
    Variable{"anisotropy_of_sub_gridscale_orography", "isor", "isor", 161, {0, 3, 24}, ground, 0, 0,
             "1", "", "anisotropy of sub-gridscale orography"},
    Variable{"angle_of_sub_gridscale_orography", "anor", "anor", 162, {0, 3, 21}, ground, 0, 0,
             "rad", "", "angle of sub-gridscale orography"},
    Variable{"slope_of_sub_gridscale_orography", "slor", "slor", 163, {0, 3, 22}, ground, 0, 0,
             "1", "", "slope of sub-gridscale orography"},
};
// clang-format on

constexpr std::array kEquivalents = {
    Equivalent{"geopotential", "geopotential_height", 9.80665},  // m s-2, standard gravity
    Equivalent{"mean_sea_level_pressure", "pressure_reduced_to_mean_sea_level", 1.0},
};

template <class Predicate>
const Variable* find_where(Predicate predicate) {
  const auto found = std::find_if(kVariables.begin(), kVariables.end(), predicate);
  return found == kVariables.end() ? nullptr : &*found;
}

}  // namespace

std::span<const Variable> variables() { return kVariables; }

const Equivalent* find_equivalent(std::string_view name) {
  const auto found = std::find_if(kEquivalents.begin(), kEquivalents.end(),
                                  [&](const Equivalent& e) { return e.variable == name; });
  return found == kEquivalents.end() ? nullptr : &*found;
}

const Variable* find_variable(std::string_view name) {
  return find_where([&](const Variable& v) {
    return v.name == name || v.short_name == name || v.netcdf_name == name;
  });
}

const Variable* find_variable(long param_id) {
  return find_where([&](const Variable& v) { return param_id != 0 && v.param_id == param_id; });
}

const Variable* find_variable(const Grib2Numbers& grib2, Surface surface, int height_m) {
  return find_where([&](const Variable& v) {
    return v.grib2 == grib2 && v.surface == surface && (surface != height || v.height == height_m);
  });
}

namespace {

/// `value` is empty where `kind` needs none.
std::optional<Statistic> parse_statistic(const std::string& kind, const std::string& value) {
  using enum Statistic::Kind;
  char* end = nullptr;
  const double number = std::strtod(value.c_str(), &end);
  if (*end != '\0' || !std::isfinite(number)) fail("'{}' is no number", value);
  if (kind == "mean") return Statistic{mean, number};
  if (kind == "standard deviation") return Statistic{standard_deviation, number};
  if (kind == "percentile") return Statistic{percentile, number};
  if (kind == "above") return Statistic{above, number};
  if (kind == "below") return Statistic{below, number};
  return {};
}

}  // namespace

Channel parse_channel(std::string_view text) {
  static const std::regex pattern(
      R"((\w+)(?: (\d{1,4})(?: hPa)?)?)"
      R"((?:, (mean|standard deviation|(?:(percentile|above|below) ([-+.\de]+))))?)"
      R"((?: \[(.+)\])?)");
  constexpr std::size_t kLongest = 200;  // the matcher's stack grows with the text
  std::cmatch match;
  if (text.size() > kLongest ||
      !std::regex_match(text.data(), text.data() + text.size(), match, pattern)) {
    fail("'{}' is not a channel; write \"2m_temperature\" or \"geopotential 500\"",
         text.substr(0, kLongest));
  }
  Channel channel{match[1].str(), {}, match[6].str()};
  if (match[2].matched) channel.level = std::stoi(match[2].str());
  channel.statistic =
      parse_statistic(match[4].matched ? match[4].str() : match[3].str(), match[5].str());
  if (!channel.units.empty()) return channel;
  const Variable* variable = find_variable(channel.name);
  if (!variable || variable->name != channel.name)
    fail("'{}' is not a known variable", channel.name);
  if ((variable->surface == Surface::isobaric) != channel.level.has_value()) {
    fail("'{}' {}", channel.name, channel.level ? "has no levels" : "needs a level in hPa");
  }
  channel.units = variable->units;
  return channel;
}

}  // namespace ladcast
