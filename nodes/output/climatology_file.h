// NetCDF files of climatologies by hour and day of the year, as WeatherBench 2 lays them out.
// Thread rule: as NetcdfHandle, one thread for the whole process.
#pragma once

#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "graph/time.h"
#include "nodes/output/file_variables.h"
#include "nodes/values/grid.h"
#include "nodes/values/netcdf_handle.h"

namespace ladcast {

struct ClimatologyFileSpec {
  Grid grid;
  std::vector<Channel> channels;
  std::vector<int> hours;                         // of the day, ascending
  bool deviation = false;                         // standard deviations too
  Time first_analysis{}, last_analysis{};         // between which the analyses lie
  std::map<std::string, std::string> attributes;  // global ones
};

/// Variables NAME, and NAME_std for standard deviations, with the dimensions hour, dayofyear =
/// 1..366, [level,] latitude, longitude, under their WeatherBench 2 names; and count(hour,
/// dayofyear), whose attributes first_analysis and last_analysis tell of what time it is. Written
/// beside its path under a temporary name; gets its name in finish().
class ClimatologyFile {
 public:
  /// Makes the temporary file with all its coordinates; maps that are never written are missing.
  /// Throws Error.
  ClimatologyFile(std::filesystem::path path, ClimatologyFileSpec spec);
  ClimatologyFile(const ClimatologyFile&) = delete;
  ClimatologyFile& operator=(const ClimatologyFile&) = delete;
  ~ClimatologyFile();  // removes the temporary file unless finish() was called

  /// How many analyses there were. Throws Error.
  void write_count(int hour, int day, std::size_t count);

  /// One map; the mean where `deviation` is false. Throws Error.
  void write(int hour, int day, const Channel& channel, bool deviation, std::span<const float> map);

  /// Closes the file and gives it its name. Throws Error; then there is no file.
  void finish();

 private:
  void define();
  std::size_t hour_index(int hour) const;

  std::filesystem::path path_, temporary_;
  ClimatologyFileSpec spec_;
  NetcdfHandle file_;
  std::vector<FileVariable> means_, deviations_;
  int count_ = -1;  // NetCDF's number of the variable
};

}  // namespace ladcast
