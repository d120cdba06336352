// A climatology stored by hour and day of the year, as WeatherBench 2 has it.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "nodes/ingest/cf_fields.h"

namespace ladcast {

/// An open NetCDF file or Zarr store whose variables have the dimensions hour, dayofyear = 1..366,
/// [level,] latitude and longitude, in any order. A valid time has the value of its hour and its
/// day of the year, 1 March being day 61 of a leap year. Thread rule: as CfFields.
class DailyClimatology {
 public:
  /// Throws one Error with every absent channel. Without `grid`, that of the file.
  DailyClimatology(const std::filesystem::path& path, std::vector<Channel> channels,
                   const std::optional<Grid>& grid);

  const Grid& grid() const { return grid_; }

  /// Throws one Error with all the hours and days of these valid times that are not stored.
  void require(std::span<const Time> valid) const;

  /// The first and the last time of the analyses of which it is made, where the file tells.
  std::optional<std::pair<Time, Time>> analyses() const;

  /// The mean over all hours and days that are stored, missing values left out. One member {0} and
  /// one lead {0}.
  Fields mean() const;

  /// One member {0} and one lead. Throws Error where the hour or the day is not stored.
  Fields at(Time init, int lead_hours) const;

 private:
  std::vector<int> numbers(const char* axis) const;
  std::string hours() const;

  CfFields source_;
  std::vector<Channel> channels_;
  Grid grid_;
  std::vector<int> hours_, days_;  // as they are stored
};

}  // namespace ladcast
