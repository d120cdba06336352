#include "graph/interrupt.h"

#include <unistd.h>

#include <atomic>
#include <cstring>

namespace ladcast {
namespace {

std::atomic<bool> asked{false};
std::atomic<const char*> the_note{""};
static_assert(std::atomic<bool>::is_always_lock_free &&
                  std::atomic<const char*>::is_always_lock_free,
              "a signal handler may not wait");

void on_signal(int) {
  if (asked.exchange(true)) ::_exit(130);
  const char* note = the_note;
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, note, std::strlen(note));
}

}  // namespace

InterruptGuard::InterruptGuard(const char* note) {
  asked = false;
  the_note = note;
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
