// What one horizontal map of a field is: variable, level, unit.
#pragma once

#include <fmt/format.h>

#include <optional>
#include <string>

namespace ladcast {

/// Variables carry their WeatherBench 2 names ("geopotential", "2m_temperature").
struct Channel {
  std::string name;
  std::optional<int> level;  // hPa; none for surface variables
  std::string units;         // of the physical value, also while the values are normalised

  bool operator==(const Channel&) const = default;
};

/// "geopotential 500 hPa" or "2m_temperature".
inline std::string to_string(const Channel& channel) {
  return channel.level ? fmt::format("{} {} hPa", channel.name, *channel.level) : channel.name;
}

}  // namespace ladcast
