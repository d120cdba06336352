// The part of an ensemble for which something holds, folded batch by batch.
#pragma once

#include <cstdint>
#include <vector>

#include "nodes/values/event.h"
#include "nodes/values/fields.h"

namespace ladcast {

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
