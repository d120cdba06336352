#include "tests/fuzz/parsers.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <stdexcept>

namespace ladcast::fuzz {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void stop(const std::string& what) {
  throw std::runtime_error(what + ": " + std::strerror(errno));
}

fs::path make_folder() {
  const fs::path memory = "/dev/shm";
  const bool usable = ::access(memory.c_str(), W_OK) == 0;
  std::string pattern =
      ((usable ? memory : fs::temp_directory_path()) / "ladcast-fuzz-XXXXXX").string();
  if (!::mkdtemp(pattern.data())) stop("cannot make " + pattern);
  return pattern;
}

}  // namespace

std::vector<Parser> parsers() {
  std::vector<Parser> all;
  add_zarr(all);
  add_networks(all);
  add_pipelines(all);
  add_runs(all);
  add_fields(all);
  add_words(all);
  return all;
}

const fs::path& scratch() {
  static const fs::path folder = make_folder();
  return folder;
}

fs::path scratch_file(const std::string& name, const std::string& bytes) {
  fs::path file = scratch() / name;
  int id = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (id < 0) {
    fs::create_directories(file.parent_path());
    id = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  }
  const bool written =
      id >= 0 && ::write(id, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size());
  if (id >= 0) ::close(id);
  if (!written) stop("cannot write " + file.string());
  return file;
}

std::vector<std::string> split(const std::string& input, char separator) {
  std::vector<std::string> parts(1);
  for (const char c : input) {
    if (c == separator)
      parts.emplace_back();
    else
      parts.back() += c;
  }
  return parts;
}

}  // namespace ladcast::fuzz
