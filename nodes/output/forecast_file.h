// NetCDF files of forecasts, CF-1.8.
// Thread rule: as NetcdfHandle, one thread for the whole process.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "nodes/output/forecast_layout.h"
#include "nodes/values/fields.h"

namespace ladcast {

/// Where set_aside() puts what an earlier run left of a file.
std::filesystem::path earlier_file(const std::filesystem::path& path);

/// Whether a file is there, can be opened and is of this pipeline.
bool is_complete(const std::filesystem::path& path, const std::string& pipeline);

/// Sets what an earlier run left of a file aside: its temporary file, or a link to the file itself
/// where it was finished. What was set aside before and not used up stays. False if nothing is
/// there that can be read and is of this pipeline (attribute ladcast_pipeline).
bool set_aside(const std::filesystem::path& path, const std::string& pipeline);

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

  /// From now on a checksum of each map that is written is kept, and finish() compares with it what
  /// the closed file reads.
  void verify_when_finished();

  /// Writes any of the file's members and leads, with all of its channels or some. Throws Error
  /// where the fields do not belong to the file.
  void write(const Fields& fields);

  /// Writes the member at `index` of the fields as the file's member `number`.
  void write_member(const Fields& fields, std::size_t index, int number);

  /// Hands all that was written to the system. Where that happens decides the order of chunks in
  /// the file, and so its bytes. Returns a checksum of what was written since the last time, in any
  /// order; 0 without verify_when_finished(). Throws Error.
  std::uint64_t flush();

  /// Waits until what was flushed is on the disk. Throws Error.
  void sync();

  /// From now on the temporary file stays behind if finish() is not called, so that another run can
  /// go on with it.
  void keep();

  /// Writes a member and lead of `earlier`, a file of the same specification (with fewer leads at
  /// most), as it is there. Throws Error.
  void copy(const NetcdfHandle& earlier, int member, int lead_hours);

  /// Closes the file, reads it back where that was asked for, and gives it its name. Throws Error;
  /// then there is no file.
  void finish();

  const ForecastFileSpec& spec() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ladcast
