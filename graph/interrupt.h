// Ctrl-C.
#pragma once

#include <csignal>

namespace ladcast {

/// While it lives, the first SIGINT or SIGTERM asks the run to end in good order, the second exits
/// at once with code 130. One at a time.
class InterruptGuard {
 public:
  /// `note` is written to standard error then; it must live as long as the program.
  explicit InterruptGuard(const char* note);
  ~InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;

  /// Thread-safe.
  static bool interrupted();

 private:
  struct sigaction old_int_ {};
  struct sigaction old_term_ {};
};

}  // namespace ladcast
