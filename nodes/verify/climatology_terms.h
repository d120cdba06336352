// A climatology stored as terms: hour of the day and harmonics of the year.
#pragma once

#include <filesystem>
#include <vector>

#include "nodes/values/fields.h"

namespace ladcast {

/// value(t) = term[hour / 6] + sum over k = 1..3 of cos(2 pi k p) term[2 + 2k] + sin(2 pi k p)
/// term[3 + 2k] with p = the fraction of the year that has passed at t. Thread-safe once read.
class ClimatologyTerms {
 public:
  /// Reads a NetCDF file whose variables have the dimensions (term = 10, [level,] latitude,
  /// longitude). Throws one Error with every absent channel. Thread rule of reading: as
  /// NetcdfHandle.
  static ClimatologyTerms read(const std::filesystem::path& file,
                               const std::vector<Channel>& channels, const Grid& grid);

  /// One member {0} and one lead. Throws Error where the valid time is not a multiple of 6 h.
  Fields at(Time init, int lead_hours) const;

 private:
  std::vector<Fields> terms_;
};

/// The fraction of the calendar year that has passed at `time`: 0 to below 1.
double year_fraction(Time time);

}  // namespace ladcast
