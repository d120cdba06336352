// NetCDF files of forecasts, CF-1.8.
// Thread rule: as NetcdfHandle, one thread for the whole process.
#pragma once

#include <filesystem>
#include <memory>

#include "nodes/output/forecast_layout.h"
#include "nodes/values/fields.h"

namespace ladcast {

/// A file that is written beside its path under a temporary name and gets its name in finish().
/// All dimensions are fixed; no clock or host goes in, so that equal writes give equal bytes.
class ForecastFile {
 public:
  /// Makes the temporary file with all its coordinates; maps that are never written are missing.
  /// Throws Error.
  ForecastFile(std::filesystem::path path, ForecastFileSpec spec);
  ForecastFile(ForecastFile&&) noexcept;
  ForecastFile& operator=(ForecastFile&&) noexcept;
  ~ForecastFile();  // removes the temporary file unless finish() was called

  /// Writes any of the file's members and leads, with all of its channels or some. Throws Error
  /// where the fields do not belong to the file.
  void write(const Fields& fields);

  /// Writes the member at `index` of the fields as the file's member `number`.
  void write_member(const Fields& fields, std::size_t index, int number);

  /// Closes the file and gives it its name. Throws Error; then there is no file.
  void finish();

  const ForecastFileSpec& spec() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ladcast
