// What the readers of a pipeline need of ERA5.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "graph/graph.h"

namespace ladcast {

/// Variables of ERA5 on the same levels.
struct LevelGroup {
  std::vector<std::string> variables;  // WeatherBench 2
  std::vector<int> levels;             // hPa, ascending

  bool operator==(const LevelGroup&) const = default;
};

/// What nodes that read the same fields need.
struct Needs {
  std::vector<std::string> nodes;
  std::set<Time> times;  // valid ones
  std::vector<LevelGroup> pressure;
  std::vector<std::string> surface;    // instantaneous
  bool precipitation = false;          // hourly sums of the six hours before each time
  bool sums_precipitation = false;     // the nodes say so already
  std::optional<double> spacing = {};  // degrees; none for ERA5's own grid
  bool has_grid_of_its_own = false;    // of the model, and it is not one that ERA5 comes on
};

/// Of the nodes that read initial times, with `leads` also of those that read the valid times of a
/// forecast. Throws Error where ERA5 lacks what is read, or no node reads fields.
std::vector<Needs> needs_of(const Graph& graph, bool leads);

/// Nodes that read valid times, which needs_of leaves out without `leads`.
std::vector<std::string> lead_readers(const Graph& graph);

/// Days of one month with the same hours.
struct Dates {
  int year = 0;
  int month = 0;
  std::vector<int> days;
  std::vector<int> hours;

  bool operator==(const Dates&) const = default;
};

/// All of `times` and no others, as products of days and hours.
std::vector<Dates> dates_of(const std::set<Time>& times);

/// The hours of which `times` need the sums, each by its end.
std::set<Time> six_hours_before(const std::set<Time>& times);

}  // namespace ladcast
