// Owner of one open NetCDF file. Thread rule: netCDF-C is not thread-safe; all files of the
// process, and their destruction, belong to one thread at a time (the lane "netcdf").
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace ladcast {

/// Throws Error "cannot <what> <path>: <netCDF's reason>" if `status` is not NC_NOERR.
void check_netcdf(int status, std::string_view what, const std::filesystem::path& path);

/// Move-only. The destructor closes and cannot report; writers call close().
class NetcdfHandle {
 public:
  static NetcdfHandle open(const std::filesystem::path& path);    // for reading
  static NetcdfHandle create(const std::filesystem::path& path);  // NetCDF-4, replaces a file

  NetcdfHandle(NetcdfHandle&& other) noexcept;
  NetcdfHandle& operator=(NetcdfHandle&& other) noexcept;
  ~NetcdfHandle();

  int id() const { return id_; }
  const std::filesystem::path& path() const { return path_; }

  /// Closes; NetCDF reports write errors here. Throws Error.
  void close();

 private:
  NetcdfHandle(int id, std::filesystem::path path) : id_(id), path_(std::move(path)) {}

  int id_;  // -1 once closed or moved from
  std::filesystem::path path_;
};

}  // namespace ladcast
