// Why a task that is ready has not begun, and for how long: kept for the trace.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace ladcast {

/// What holds a ready task: all workers of its lane are busy, no step credit is left, its
/// trajectory is not admitted, the node's limit is reached, or a key before it is still to come.
enum class Cause : std::uint8_t { workers, credit, admission, limit, order };

constexpr std::array<const char*, 5> kCauses{"workers", "credit", "admission", "limit", "order"};

/// How a traced task came through the Gate. Times in nanoseconds since the trace began.
struct Wait {
  std::int64_t submitted = 0;  // first looked at by the Gate; 0 before
  std::int64_t started = 0;    // let go
  std::array<std::int64_t, kCauses.size()> by{};
  std::int64_t held_since = 0;  // 0 where nothing holds it
  Cause cause = Cause::workers;

  /// The Gate has looked at the task at `now` and does not let it go.
  void hold(std::int64_t now, Cause why) {
    pass(now);
    held_since = now;
    cause = why;
  }
  /// The Gate lets it go.
  void let_go(std::int64_t now) {
    pass(now);
    started = now;
  }

 private:
  void pass(std::int64_t now) {
    if (submitted == 0) submitted = now;
    if (held_since > 0) by[static_cast<std::size_t>(cause)] += now - held_since;
  }
};

}  // namespace ladcast
