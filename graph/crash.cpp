#include "graph/crash.h"

#include <unistd.h>

#include <csignal>
#include <cstring>
#include <initializer_list>

namespace ladcast {
namespace {

// Read by the handler, on the thread that crashed.
thread_local const char* doing_what = nullptr;
thread_local const char* doing_name = nullptr;

void say(const char* text) {
  if (::write(STDERR_FILENO, text, std::strlen(text)) < 0) return;
}

/// Only what may be called in a signal handler.
extern "C" void report_crash(int signal) {
  say(signal == SIGFPE   ? "\nerror: arithmetic fault"
      : signal == SIGBUS ? "\nerror: a file became shorter while it was read, or bus fault"
                         : "\nerror: memory fault");
  if (doing_what) {
    say(" in ");
    say(doing_what);
    say(" '");
    say(doing_name);
    say("'");
  }
  say("\n      = a damaged file or a faulty plugin can do this\n");
  ::raise(signal);  // by its default action: the handler is used once
}

}  // namespace

void report_crashes() {
  struct sigaction action {};
  action.sa_handler = report_crash;
  action.sa_flags = static_cast<int>(SA_RESETHAND | SA_NODEFER);
  for (const int signal : {SIGSEGV, SIGBUS, SIGFPE}) ::sigaction(signal, &action, nullptr);
}

Doing::Doing(const char* what, const char* name)
    : outer_what_(doing_what), outer_name_(doing_name) {
  doing_what = what;
  doing_name = name;
}

Doing::~Doing() {
  doing_what = outer_what_;
  doing_name = outer_name_;
}

}  // namespace ladcast
