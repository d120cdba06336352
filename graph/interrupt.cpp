#include "graph/interrupt.h"

#include <unistd.h>

#include <atomic>
#include <string_view>

namespace ladcast {
namespace {

std::atomic<bool> asked{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may not wait");

void on_signal(int) {
  if (asked.exchange(true)) ::_exit(130);
  constexpr std::string_view kNote =
      "\nstopping: work in hand is finished first; once more exits at once\n";
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, kNote.data(), kNote.size());
}

}  // namespace

InterruptGuard::InterruptGuard() {
  asked = false;
  struct sigaction action {};
  action.sa_handler = on_signal;
  ::sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESTART;
  ::sigaction(SIGINT, &action, &old_int_);
  ::sigaction(SIGTERM, &action, &old_term_);
}

InterruptGuard::~InterruptGuard() {
  ::sigaction(SIGINT, &old_int_, nullptr);
  ::sigaction(SIGTERM, &old_term_, nullptr);
}

bool InterruptGuard::interrupted() { return asked; }

}  // namespace ladcast
