// The program's command line.
#pragma once

#include <exception>
#include <ostream>
#include <string>
#include <vector>

namespace ladcast {

/// Results go to `out`, errors and progress to `err`.
struct Streams {
  std::ostream& out;
  std::ostream& err;
  int columns = 0;  // of the terminal behind `err`; 0 where it is none
};

constexpr int kDone = 0;
constexpr int kFailed = 1;    // a node failed
constexpr int kBadUsage = 2;  // or a bad pipeline
constexpr int kStalled = 3;
constexpr int kInterrupted = 130;

/// That of a command that ended with `error`.
int exit_code(const std::exception& error);

/// Runs one command: the arguments without the program's name. Returns the exit code; throws
/// nothing.
int command_line(const std::vector<std::string>& arguments, const Streams& streams);

}  // namespace ladcast
