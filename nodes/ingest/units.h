// Conversion from the units that files have to ours.
#pragma once

#include <optional>
#include <string_view>

namespace ladcast {

/// value in our unit = factor * value in the file's unit + offset
struct Conversion {
  double factor = 1;
  double offset = 0;
};

/// How to convert `from` (any common spelling: "m**2 s**-2", "millibars", "degC", "g/kg") to `to`.
/// Nothing if the two do not measure the same.
std::optional<Conversion> convert_units(std::string_view from, std::string_view to);

}  // namespace ladcast
