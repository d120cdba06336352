// How channels become the variables of a file, whatever its format.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "nodes/values/channel.h"

namespace ladcast {

/// One variable of the file: the channels of one name and statistic.
struct FileVariable {
  std::string name;  // of its channels
  std::optional<Statistic> statistic;
  std::vector<int> levels;  // hPa, ascending; empty at the surface
  std::string units;
  int id = -1;  // NetCDF's

  bool holds(const Channel& channel) const {
    return channel.name == name && channel.statistic == statistic;
  }
};

/// The variables of `channels`, in the order of their first ones.
std::vector<FileVariable> file_variables(const std::vector<Channel>& channels);

/// What follows the name of a variable: "", "_mean", "_stdev", "_p90", "_above_300" or
/// "_below_273.15".
std::string suffix_of(const FileVariable& variable);

/// standard_name where it holds, long_name, units and cell_methods, of these that there are.
/// Requires: `lead_axis` is the name of the axis along which sums are taken.
std::vector<std::pair<std::string, std::string>> cf_attributes(const FileVariable& variable,
                                                               bool normalised,
                                                               const std::string& lead_axis);

}  // namespace ladcast
