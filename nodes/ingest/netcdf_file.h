// A NetCDF file opened for reading. Thread rule: as NetcdfHandle, one thread for the whole process.
#pragma once

#include <memory>

#include "nodes/ingest/cf_file.h"
#include "nodes/values/netcdf_handle.h"

namespace ladcast {

class NetcdfFile final : public CfFile {
 public:
  /// Throws Error where the file cannot be opened.
  explicit NetcdfFile(const std::filesystem::path& path);

  const std::filesystem::path& path() const override { return handle_.path(); }
  std::string text(const CfVariable& variable, const char* attribute) const override;
  std::optional<double> number(const CfVariable& variable, const char* attribute) const override;

 protected:
  std::vector<double> stored(const CfVariable& variable, std::span<const std::size_t> start,
                             std::span<const std::size_t> count) const override;

 private:
  NetcdfHandle handle_;
};

/// Throws Error.
std::unique_ptr<const CfFile> open_netcdf(const std::filesystem::path& path);

}  // namespace ladcast
