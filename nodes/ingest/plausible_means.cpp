#include "nodes/ingest/plausible_means.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <numbers>
#include <optional>
#include <string_view>

#include "graph/error.h"
#include "nodes/values/regrid.h"

namespace ladcast {
namespace {

constexpr std::size_t kFewestRows = 8;  // of fewer the mean says little of the globe's

struct Range {
  double low, high;
  std::string_view cure;
};

struct VariableRange {
  std::string_view variable;
  Range range;
};

// Far beyond what any state of the atmosphere has, near enough for the mistake at the right.
// clang-format off
constexpr Range kTemperature = {150, 350,  // the coldest level, near 100 hPa, has 190 to 200 K
    "if the values are in degrees Celsius, units = \"degC\" has them converted"};
constexpr Range kWind = {-100, 100,  // jets have that, the globe's mean at most 30 m/s
    "if the values are in cm/s or packed, the file has to say so"};
constexpr Range kPrecipitation = {-0.001, 0.03,  // 0.0007 m in 6 h
    "if the values are in mm, units = \"mm\" has them converted"};
constexpr Range kPressure = {70000, 120000,
    "if the values are in hPa, units = \"hPa\" has them converted"};
constexpr std::array kRanges = {
    VariableRange{"temperature", kTemperature},
    VariableRange{"2m_temperature", kTemperature},
    VariableRange{"skin_temperature", kTemperature},
    VariableRange{"sea_surface_temperature", kTemperature},
    VariableRange{"dew_point_temperature", kTemperature},
    VariableRange{"u_component_of_wind", kWind},
    VariableRange{"v_component_of_wind", kWind},
    VariableRange{"10m_u_component_of_wind", kWind},
    VariableRange{"10m_v_component_of_wind", kWind},
    VariableRange{"mean_sea_level_pressure", kPressure},
    VariableRange{"pressure_reduced_to_mean_sea_level", kPressure},
    VariableRange{"surface_pressure", kPressure},
    VariableRange{"total_precipitation_6hr", kPrecipitation},
    VariableRange{"total_precipitation", kPrecipitation},
    VariableRange{"specific_humidity", {-0.001, 0.05,  // 0.01 at 1000 hPa
        "if the values are in g/kg, units = \"g kg-1\" has them converted"}},
    VariableRange{"relative_humidity", {-10, 150,
        "if the values are packed, the file has to say so"}},
    VariableRange{"vertical_velocity", {-10, 10,  // the globe's mean is nearly 0
        "if the values are packed, the file has to say so"}},
    VariableRange{"land_sea_mask", {-0.01, 1.01,
        "if the values are percentages, units = \"%\" has them converted"}},
    VariableRange{"geopotential_at_surface", {700, 10000,  // 2300 with the sea, 7800 over land
        "if the values are heights in m, 9.80665 times them are wanted"}},
};
// clang-format on

/// Heights of pressure levels within a factor of 2.5 of those of an isothermal atmosphere, whose
/// scale height of 7.4 km meets the real ones within 15 % from 925 to 1 hPa. Below, mean sea level
/// pressure decides the height.
std::optional<Range> range_of_heights(int level, double factor, std::string_view cure) {
  if (level > 925 || level < 1) return {};
  const double usual = factor * 7400 * std::log(1013.25 / level);
  return Range{usual / 2.5, usual * 2.5, cure};
}

std::optional<Range> range_of(const Channel& channel) {
  if (channel.statistic && channel.statistic->kind != Statistic::Kind::mean) return {};
  if (channel.level && channel.name == "geopotential")
    return range_of_heights(*channel.level, 9.80665,
                            "if the values are geopotential heights, call the variable gh with "
                            "units = \"m\"");
  if (channel.level && channel.name == "geopotential_height")
    return range_of_heights(*channel.level, 1,
                            "if the values are geopotential, call the variable z with units = "
                            "\"m2 s-2\"");
  for (const VariableRange& known : kRanges)
    if (known.variable == channel.name) return known.range;
  return {};
}

/// NaN where all points are missing.
double global_mean(const Grid& grid, std::span<const float> map) {
  double total = 0, area = 0;
  for (std::size_t row = 0; row < grid.rows(); ++row) {
    const double weight = std::cos(grid.latitude[row] * std::numbers::pi / 180);
    for (const float value : map.subspan(row * grid.columns(), grid.columns())) {
      if (std::isnan(value)) continue;
      total += weight * static_cast<double>(value);
      area += weight;
    }
  }
  return total / area;
}

}  // namespace

void require_plausible_means(const Fields& fields) {
  const Grid& grid = fields.grid;
  if (grid.rows() < kFewestRows || grid.columns() < kFewestRows || !covers_globe(grid)) return;
  for (std::size_t c = 0; c < fields.channels.size(); ++c) {
    const Channel& channel = fields.channels[c];
    const auto range = range_of(channel);
    if (!range) continue;
    for (std::size_t m = 0; m < fields.members.size(); ++m)
      for (std::size_t l = 0; l < fields.lead_hours.size(); ++l) {
        const double mean = global_mean(grid, fields.map(m, l, c));
        if (!(mean < range->low) && !(mean > range->high)) continue;
        fail("the mean of {} over the globe is {:.4g} {}, and can be {:.6g} to {:.6g}; {}",
             to_string(channel), mean, channel.units, range->low, range->high, range->cure);
      }
  }
}

}  // namespace ladcast
