#include "nodes/ingest/cf_file.h"

#include <algorithm>
#include <limits>

namespace ladcast {

const CfVariable* CfFile::find(std::string_view name) const {
  const auto found = std::find_if(variables_.begin(), variables_.end(),
                                  [&](const CfVariable& v) { return v.name == name; });
  return found == variables_.end() ? nullptr : &*found;
}

std::vector<double> CfFile::values(const CfVariable& variable) const {
  std::vector<std::size_t> start, count;
  for (const CfDimension& dimension : variable.dimensions) {
    start.push_back(0);
    count.push_back(dimension.length);
  }
  return values(variable, start, count);
}

std::vector<double> CfFile::values(const CfVariable& variable, std::span<const std::size_t> start,
                                   std::span<const std::size_t> count) const {
  std::vector<double> values = stored(variable, start, count);
  const auto fill = number(variable, "_FillValue");
  const auto missing = number(variable, "missing_value");
  const double scale = number(variable, "scale_factor").value_or(1.0);
  const double offset = number(variable, "add_offset").value_or(0.0);
  for (double& value : values) {
    const bool absent = (fill && value == *fill) || (missing && value == *missing);
    value = absent ? std::numeric_limits<double>::quiet_NaN() : value * scale + offset;
  }
  return values;
}

}  // namespace ladcast
