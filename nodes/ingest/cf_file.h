// What files of all containers have in common: variables with named dimensions, and attributes as
// the CF conventions write them.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ladcast {

struct CfDimension {
  std::string name;
  std::size_t length;
};

struct CfVariable {
  int id;  // the container's
  std::string name;
  std::vector<CfDimension> dimensions;
};

/// A file or a store opened for reading; what it says of itself is kept in memory. Numbers come out
/// unpacked (scale_factor, add_offset) with NaN for _FillValue and missing_value.
class CfFile {
 public:
  CfFile() = default;
  CfFile(const CfFile&) = delete;
  CfFile& operator=(const CfFile&) = delete;
  virtual ~CfFile() = default;

  virtual const std::filesystem::path& path() const = 0;
  const std::vector<CfVariable>& variables() const { return variables_; }

  /// Null if there is no variable called `name`.
  const CfVariable* find(std::string_view name) const;

  /// The text of an attribute; empty if it is absent or not text.
  virtual std::string text(const CfVariable& variable, const char* attribute) const = 0;

  /// The first number of an attribute.
  virtual std::optional<double> number(const CfVariable& variable, const char* attribute) const = 0;

  /// Frees what reading values holds, an open file and chunks of it; the next reading begins anew.
  virtual void let_go() const {}

  /// All values of a variable, in the file's order. Throws Error.
  std::vector<double> values(const CfVariable& variable) const;

  /// The values of a hyperslab, in the file's order. Requires: one start and count per dimension.
  std::vector<double> values(const CfVariable& variable, std::span<const std::size_t> start,
                             std::span<const std::size_t> count) const;

 protected:
  /// The values of a hyperslab as they are stored. Throws Error.
  virtual std::vector<double> stored(const CfVariable& variable, std::span<const std::size_t> start,
                                     std::span<const std::size_t> count) const = 0;

  std::vector<CfVariable> variables_;
};

}  // namespace ladcast
