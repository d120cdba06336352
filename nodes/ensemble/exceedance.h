// The part of an ensemble for which something holds, folded batch by batch.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "nodes/values/fields.h"

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
  /// What it makes of that channel.
  Channel channel() const { return {name, level, "1", statistic}; }
};

/// Reads "2m_temperature > 303.15" or "geopotential 500 < 52000". Throws Error.
Event parse_event(std::string_view text);

/// For each event the part of the members, 0 to 1, that are above or below the threshold, which is
/// rounded to float32 as the values are. Missing members (NaN) are left out at each point.
class Exceedance {
 public:
  /// Adds the members of `batch`. Throws Error where grid, channels, times or scaling differ from
  /// what was added before, and where `batch` lacks the channel of an event.
  void add(const Fields& batch, const std::vector<Event>& events);

  /// One member {0} with a channel for each event, in units "1"; missing where all members are.
  /// Requires: add() was called.
  Fields probabilities() const;

  /// Memory held for events of `values` values in all.
  static std::size_t bytes(std::size_t values) { return values * sizeof(Count); }

 private:
  struct Count {
    std::uint32_t holds = 0;
    std::uint32_t members = 0;
  };

  void begin(const Fields& batch, const std::vector<Event>& events);

  Fields like_, result_;               // without values
  std::vector<std::size_t> channels_;  // of `like_`, for each event
  std::vector<Count> counts_;          // [lead][event][point]
};

}  // namespace ladcast
