#include "nodes/ingest/cf_axis.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "graph/error.h"
#include "nodes/ingest/cf_time.h"
#include "nodes/ingest/units.h"

namespace ladcast {
namespace {

struct Signs {
  AxisRole role;
  std::string_view standard_name;
  std::array<std::string_view, 6> names;
};

constexpr std::array kSigns = {
    Signs{AxisRole::latitude, "latitude", {"latitude", "lat"}},
    Signs{AxisRole::longitude, "longitude", {"longitude", "lon"}},
    Signs{AxisRole::level,
          "air_pressure",
          {"level", "pressure_level", "isobaricInhPa", "isobaricInPa", "plev", "pressure"}},
    Signs{AxisRole::height, "height", {"height", "heightAboveGround"}},
    Signs{AxisRole::member, "realization", {"number", "realization", "member", "ensemble"}},
    Signs{AxisRole::experiment, "", {"expver"}},
    Signs{AxisRole::lead,
          "forecast_period",
          {"step", "leadtime", "lead_time", "prediction_timedelta"}},
    Signs{AxisRole::initial_time,
          "forecast_reference_time",
          {"forecast_reference_time", "init_time", "initial_time"}},
    Signs{AxisRole::valid_time, "time", {"time", "valid_time"}},
};

std::optional<AxisRole> role_of(const CfFile& file, const CfVariable& coordinate) {
  const std::string standard_name = file.text(coordinate, "standard_name");
  for (const Signs& signs : kSigns) {
    if (!standard_name.empty() && signs.standard_name == standard_name) return signs.role;
  }
  const std::string units = file.text(coordinate, "units");
  if (units.starts_with("degrees_north") || units.starts_with("degree_north")) {
    return AxisRole::latitude;
  }
  if (units.starts_with("degrees_east") || units.starts_with("degree_east")) {
    return AxisRole::longitude;
  }
  for (const Signs& signs : kSigns) {
    const auto& names = signs.names;
    if (std::find(names.begin(), names.end(), coordinate.name) != names.end()) return signs.role;
  }
  if (units.find(" since ") != std::string::npos) return AxisRole::valid_time;
  return {};
}

/// Values in hPa, which is what is meant where no units are given (WeatherBench 2).
std::vector<double> pressures(std::vector<double> values, const std::string& units) {
  if (units.empty()) return values;
  const auto conversion = convert_units(units, "Pa");
  if (!conversion) fail("'{}' is not a unit of pressure", units);
  for (double& value : values) value = value * conversion->factor / 100;
  return values;
}

/// Damaged and unfinished files have coordinates that no arithmetic should meet.
void require_plausible(const std::vector<double>& values) {
  constexpr double kLargest = 1e9;
  for (const double value : values)
    if (!(std::abs(value) < kLargest)) fail("it holds the value {}", value);
}

std::vector<double> hours(std::vector<double> values, const std::string& units) {
  for (double& value : values) value *= seconds_of(units) / 3600;
  return values;
}

}  // namespace

std::optional<CfAxis> read_axis(const CfFile& file, const CfVariable& coordinate) {
  const auto role = role_of(file, coordinate);
  if (!role) return {};
  constexpr std::size_t kLongest = std::size_t{1} << 22;  // hours of 478 years
  if (!coordinate.dimensions.empty() && coordinate.dimensions[0].length > kLongest)
    fail("'{}' in {} says that it has {} values, more than {}", coordinate.name,
         file.path().string(), coordinate.dimensions[0].length, kLongest);
  CfAxis axis{coordinate.name, *role, file.values(coordinate), {}, file.text(coordinate, "bounds")};
  const std::string units = file.text(coordinate, "units");
  try {
    if (axis.role == AxisRole::level) axis.values = pressures(axis.values, units);
    if (axis.role == AxisRole::lead) axis.values = hours(axis.values, units);
    if (axis.role == AxisRole::valid_time || axis.role == AxisRole::initial_time) {
      const auto since = CfTimeUnits::parse(units, file.text(coordinate, "calendar"));
      for (const double value : axis.values) axis.times.push_back(since.decode(value));
      axis.values.clear();
    }
    require_plausible(axis.values);
  } catch (const Error& error) {
    throw error.in(fmt::format("cannot read '{}' from {}", axis.name, file.path().string()));
  }
  return axis;
}

std::optional<double> bounds_hours(const CfFile& file, const CfAxis& axis, std::size_t index) {
  const CfVariable* coordinate = file.find(axis.name);
  const CfVariable* bounds = axis.bounds.empty() ? nullptr : file.find(axis.bounds);
  if (!coordinate || !bounds || bounds->dimensions.size() != 2) return {};
  if (bounds->dimensions[1].length != 2 || index >= bounds->dimensions[0].length) return {};
  const std::array<std::size_t, 2> start = {index, 0}, count = {1, 2};
  const auto values = file.values(*bounds, start, count);
  const std::string units = file.text(*coordinate, "units");
  return (values[1] - values[0]) * seconds_of(units.substr(0, units.find(' '))) / 3600;
}

}  // namespace ladcast
