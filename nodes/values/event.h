// What may happen at a point: a value above or below a threshold.
#pragma once

#include <fmt/format.h>

#include <optional>
#include <string>
#include <string_view>

#include "nodes/values/channel.h"

namespace ladcast {

/// "2m_temperature > 303.15": a channel of the fields, above or below a threshold in its units.
struct Event {
  std::string name;
  std::optional<int> level;  // hPa
  Statistic statistic;       // above or below

  /// Whether the event is about this channel.
  bool is_about(const Channel& channel) const {
    return channel.name == name && channel.level == level && !channel.statistic;
  }
  /// "geopotential 500 hPa".
  std::string about() const { return to_string(Channel{name, level, ""}); }
  /// "> 303.15".
  std::string condition() const {
    return fmt::format("{} {}", statistic.kind == Statistic::Kind::above ? '>' : '<',
                       statistic.value);
  }
  /// What it makes of that channel.
  Channel channel() const { return {name, level, "1", statistic}; }
};

/// Reads "2m_temperature > 303.15" or "geopotential 500 < 52000". Throws Error.
Event parse_event(std::string_view text);

}  // namespace ladcast
