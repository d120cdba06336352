// What the dimensions and scalar coordinates of a file mean.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "graph/time.h"
#include "nodes/ingest/cf_file.h"

namespace ladcast {

enum class AxisRole {
  latitude,
  longitude,
  level,
  height,
  member,
  experiment,  // ERA5 and its preliminary version, of which one has values at a time
  valid_time,
  initial_time,
  lead
};

/// A coordinate variable, or a scalar coordinate with one value.
struct CfAxis {
  std::string name;
  AxisRole role;
  std::vector<double> values;  // degrees, hPa, m, numbers, lead: hours; empty for times
  std::vector<Time> times;     // of valid_time and initial_time
  std::string bounds;          // name of the variable with the bounds; empty if there is none
};

/// The axis that `coordinate` is, by standard_name, then units, then name; nothing if it is none.
/// Throws Error where its units or calendar are not understood.
std::optional<CfAxis> read_axis(const CfFile& file, const CfVariable& coordinate);

/// Hours between the bounds of the axis at `index`; nothing where it has no bounds.
std::optional<double> bounds_hours(const CfFile& file, const CfAxis& axis, std::size_t index);

}  // namespace ladcast
