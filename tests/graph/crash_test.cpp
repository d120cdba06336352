#include "graph/crash.h"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <string>

using namespace ladcast;

namespace {

struct Crash {
  int signal;
  std::string message;
};

/// What a child process prints that is killed by `signal` in `work`, and what ended it.
template <class Work>
Crash crash_in_child(const Work& work) {
  std::array<int, 2> pipe_ends{};
  REQUIRE(::pipe(pipe_ends.data()) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    ::dup2(pipe_ends[1], STDERR_FILENO);
    report_crashes();
    work();
    ::_exit(0);
  }
  ::close(pipe_ends[1]);
  Crash crash{};
  std::array<char, 256> buffer{};
  for (ssize_t count = 0; (count = ::read(pipe_ends[0], buffer.data(), buffer.size())) > 0;)
    crash.message.append(buffer.data(), static_cast<std::size_t>(count));
  ::close(pipe_ends[0]);
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  crash.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  return crash;
}

}  // namespace

TEST_CASE("a crash names what the thread was doing, and keeps its exit status") {
  const Crash crash = crash_in_child([] {
    const Doing node("node", "analysis");
    { const Doing inner("the NetCDF library, which reads", "other.nc"); }
    ::raise(SIGSEGV);
  });
  CHECK(crash.signal == SIGSEGV);
  CHECK(crash.message.find("error: memory fault in node 'analysis'\n") != std::string::npos);
}

TEST_CASE("the innermost that the thread was doing is named") {
  const Crash crash = crash_in_child([] {
    const Doing node("node", "analysis");
    const Doing inner("the NetCDF library, which reads", "era5.nc");
    ::raise(SIGBUS);
  });
  CHECK(crash.signal == SIGBUS);
  CHECK(crash.message.find("in the NetCDF library, which reads 'era5.nc'\n") != std::string::npos);
}

TEST_CASE("a crash elsewhere is told as such") {
  const Crash crash = crash_in_child([] { ::raise(SIGFPE); });
  CHECK(crash.signal == SIGFPE);
  CHECK(crash.message.find("error: arithmetic fault\n") != std::string::npos);
}
