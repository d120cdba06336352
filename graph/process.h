// Another program as a filter.
#pragma once

#include <string>
#include <vector>

namespace ladcast {

constexpr int kNotFound = 127;

struct ProgramResult {
  int status = 0;  // exit code; kNotFound where there is no such program
  std::string output;
};

/// Runs a program found on PATH with `input` on its standard input and returns what it prints. Its
/// standard error is ours. Throws Error where no process can be made.
ProgramResult run_program(const std::vector<std::string>& command, const std::string& input);

}  // namespace ladcast
