// Defines what a new NetCDF file consists of: dimensions, coordinates, maps by level (CF-1.8).
// Thread rule: as NetcdfHandle, one thread for the whole process.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "nodes/output/file_variables.h"
#include "nodes/values/grid.h"
#include "nodes/values/netcdf_handle.h"

namespace ladcast {

/// The name of a variable, as cfgrib has it, and what its statistic adds.
std::string netcdf_name_of(const FileVariable& variable);

/// Types are NetCDF's (NC_INT, NC_DOUBLE, …), variables and dimensions its numbers. All throw
/// Error.
class NetcdfDefinitions {
 public:
  explicit NetcdfDefinitions(const NetcdfHandle& file) : file_(file) {}

  void attribute(int variable, const char* name, std::string_view text);
  void attributes(const std::map<std::string, std::string>& texts);  // of the file

  int dimension(const std::string& name, std::size_t length);

  /// A coordinate variable, scalar where `dimensions` is empty; its values follow in finish().
  int coordinate(const std::string& name, int type, const std::vector<int>& dimensions,
                 std::vector<double> values, std::string_view standard_name,
                 std::string_view units);

  void define_grid(const Grid& grid);

  /// The longest list of levels is the axis "level"; a variable with others gets its own. Comes
  /// before define_maps().
  void define_levels(const std::vector<FileVariable>& variables);

  /// A variable (…, [level,] latitude, longitude) after the `leading` dimensions, NaN where nothing
  /// is written. One map is one chunk, and the only one that the cache holds: maps are written
  /// whole and once.
  int define_maps(const std::string& name, const std::vector<int>& leading,
                  const std::vector<int>& levels);

  /// Ends the definitions and writes the coordinates.
  void finish();

 private:
  void check(int status) const { check_netcdf(status, "write", file_.path()); }
  int variable(const std::string& name, int type, const std::vector<int>& dimensions);
  int axis(const std::string& name, const std::vector<double>& values,
           std::string_view standard_name, std::string_view units, std::string_view letter);
  void level_axis(const std::string& name, const std::vector<int>& levels);

  const NetcdfHandle& file_;
  std::vector<std::function<void()>> writes_;
  std::map<std::vector<int>, int> levels_;  // dimensions
  int latitude_ = -1, longitude_ = -1;
  std::size_t rows_ = 0, columns_ = 0;
};

}  // namespace ladcast
