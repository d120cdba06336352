#include "graph/process.h"

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "graph/error.h"

namespace ladcast {
namespace {

/// A file without a name: the input, complete before the program starts, so that no pipe can block.
std::unique_ptr<std::FILE, int (*)(std::FILE*)> unnamed_file(const std::string& text) {
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::tmpfile(), &std::fclose);
  if (!file || std::fwrite(text.data(), 1, text.size(), file.get()) != text.size() ||
      std::fflush(file.get()) != 0)
    fail("cannot write a temporary file: {}", std::strerror(errno));
  std::rewind(file.get());
  return file;
}

}  // namespace

ProgramResult run_program(const std::vector<std::string>& command, const std::string& input) {
  const auto file = unnamed_file(input);
  std::array<int, 2> pipe{};
  if (::pipe(pipe.data()) != 0) fail("cannot make a pipe: {}", std::strerror(errno));
  std::vector<char*> arguments;
  for (const auto& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  const pid_t child = ::fork();
  if (child < 0) fail("cannot start {}: {}", command.front(), std::strerror(errno));
  if (child == 0) {
    ::dup2(::fileno(file.get()), STDIN_FILENO);
    ::dup2(pipe[1], STDOUT_FILENO);
    ::close(pipe[0]);
    ::close(pipe[1]);
    ::execvp(arguments[0], arguments.data());
    ::_exit(kNotFound);
  }
  ::close(pipe[1]);
  ProgramResult result;
  std::array<char, 4096> part{};
  for (ssize_t got = 0; (got = ::read(pipe[0], part.data(), part.size())) > 0;)
    result.output.append(part.data(), static_cast<std::size_t>(got));
  ::close(pipe[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  result.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return result;
}

}  // namespace ladcast
