#include <sys/ioctl.h>
#include <unistd.h>

#include <csignal>
#include <iostream>

#include "graph/command_line.h"
#include "graph/crash.h"

int main(int argc, char** argv) {
  ladcast::report_crashes();
  std::signal(SIGXFSZ, SIG_IGN);  // a limit on file sizes is an error of the write that meets it
  struct winsize window {};
  int columns = 0;
  if (::isatty(STDERR_FILENO) != 0)
    columns =
        ::ioctl(STDERR_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_col > 0 ? window.ws_col : 80;
  return ladcast::command_line({argv + 1, argv + argc}, {std::cout, std::cerr, columns});
}
