// A NetCDF file opened for reading. Thread rule: as NetcdfHandle, one thread for the whole process.
#pragma once

#include <map>
#include <memory>
#include <optional>

#include "nodes/ingest/cf_file.h"
#include "nodes/values/netcdf_handle.h"

namespace ladcast {

class NetcdfFile final : public CfFile {
 public:
  /// Throws Error where the file cannot be opened.
  explicit NetcdfFile(const std::filesystem::path& path);

  const std::filesystem::path& path() const override { return path_; }
  std::string text(const CfVariable& variable, const char* attribute) const override;
  std::optional<double> number(const CfVariable& variable, const char* attribute) const override;
  void let_go() const override { handle_.reset(); }

 protected:
  std::vector<double> stored(const CfVariable& variable, std::span<const std::size_t> start,
                             std::span<const std::size_t> count) const override;

 private:
  struct Attributes {
    std::map<std::string, std::string> texts;
    std::map<std::string, double> numbers;  // the first of each
  };
  CfVariable inquire(int id) const;
  Attributes attributes_of(const CfVariable& variable) const;
  int handle() const;  // opened where it is not

  std::filesystem::path path_;
  mutable std::optional<NetcdfHandle> handle_;
  std::map<int, Attributes> attributes_;  // by variable; of NC_GLOBAL, those of the file
};

/// Throws Error.
std::unique_ptr<const CfFile> open_netcdf(const std::filesystem::path& path);

}  // namespace ladcast
