// What one horizontal map of a field is: variable, level, unit.
#pragma once

#include <fmt/format.h>

#include <optional>
#include <string>

namespace ladcast {

/// What a map says of all members of an ensemble, where it is not one member's own.
struct Statistic {
  enum class Kind { mean, standard_deviation, percentile, above, below };
  Kind kind = Kind::mean;
  double value = 0.0;  // percentile: 0 to 100; above and below: a threshold in the variable's units

  bool operator==(const Statistic&) const = default;
};

/// Variables carry their WeatherBench 2 names ("geopotential", "2m_temperature").
struct Channel {
  std::string name;
  std::optional<int> level;  // hPa; none for surface variables
  std::string units;         // of the physical value, also while values are normalised
  std::optional<Statistic> statistic = {};  // none for an analysis or a member

  bool operator==(const Channel&) const = default;
};

/// "mean", "standard deviation", "percentile 90", "above 0.001" or "below 273.15".
inline std::string to_string(const Statistic& statistic) {
  switch (statistic.kind) {
    case Statistic::Kind::mean:
      return "mean";
    case Statistic::Kind::standard_deviation:
      return "standard deviation";
    case Statistic::Kind::percentile:
      return fmt::format("percentile {}", statistic.value);
    case Statistic::Kind::above:
      return fmt::format("above {}", statistic.value);
    case Statistic::Kind::below:
      return fmt::format("below {}", statistic.value);
  }
  return "";
}

/// "geopotential 500 hPa", "2m_temperature" or "2m_temperature, percentile 90".
inline std::string to_string(const Channel& channel) {
  std::string text =
      channel.level ? fmt::format("{} {} hPa", channel.name, *channel.level) : channel.name;
  if (channel.statistic) text += ", " + to_string(*channel.statistic);
  return text;
}

}  // namespace ladcast
