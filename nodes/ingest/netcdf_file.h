// A NetCDF file opened for reading. Thread rule: as NetcdfHandle, one thread for the whole process.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "nodes/values/netcdf_handle.h"

namespace ladcast {

struct NetcdfDimension {
  std::string name;
  std::size_t length;
};

struct NetcdfVariable {
  int id;
  std::string name;
  std::vector<NetcdfDimension> dimensions;
};

/// Numbers come out unpacked (scale_factor, add_offset) with NaN for _FillValue and missing_value.
class NetcdfFile {
 public:
  /// Throws Error where the file cannot be opened.
  explicit NetcdfFile(const std::filesystem::path& path);

  const std::filesystem::path& path() const { return handle_.path(); }
  const std::vector<NetcdfVariable>& variables() const { return variables_; }

  /// Null if there is no variable called `name`.
  const NetcdfVariable* find(std::string_view name) const;

  /// The text of an attribute; empty if it is absent or not text.
  std::string text(const NetcdfVariable& variable, const char* attribute) const;

  /// The first number of an attribute.
  std::optional<double> number(const NetcdfVariable& variable, const char* attribute) const;

  /// All values of a variable, in the file's order.
  std::vector<double> values(const NetcdfVariable& variable) const;

  /// The values of a hyperslab, in the file's order. Requires: one start and count per dimension.
  std::vector<double> values(const NetcdfVariable& variable, std::span<const std::size_t> start,
                             std::span<const std::size_t> count) const;

 private:
  NetcdfHandle handle_;
  std::vector<NetcdfVariable> variables_;
};

}  // namespace ladcast
