// What a NetCDF file of a forecast consists of: dimensions, coordinates, variables and attributes
// (CF-1.8).
#pragma once

#include <map>
#include <string>
#include <vector>

#include "graph/time.h"
#include "nodes/output/file_variables.h"
#include "nodes/values/channel.h"
#include "nodes/values/grid.h"
#include "nodes/values/netcdf_handle.h"

namespace ladcast {

/// single: dimensions number, step, [level,] latitude, longitude.
/// members: one member in a file, dimensions time, [level,] latitude, longitude, as CDO needs it.
enum class ForecastLayout { single, members };

struct ForecastFileSpec {
  ForecastLayout layout = ForecastLayout::single;
  Grid grid;
  std::vector<Channel> channels;
  Time init{};
  std::vector<int> lead_hours;
  std::vector<int> members;  // {0}: the file has no ensemble; layout members: exactly one
  bool normalised = false;   // units "1"
  std::map<std::string, std::string> attributes;  // global ones

  bool has_members() const { return members != std::vector{0}; }
  bool has_number_axis() const { return has_members() && layout == ForecastLayout::single; }
};

/// Defines everything in an empty file and writes the coordinates. Returns its variables. Throws
/// Error.
std::vector<FileVariable> define_forecast(const NetcdfHandle& file, const ForecastFileSpec& spec);

}  // namespace ladcast
