#include "graph/whole_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <vector>

#include "graph/error.h"

namespace ladcast {

namespace {

/// Writes a temporary file, calls `settle` for it, and renames it.
template <class Settle>
void write_and_rename(const std::filesystem::path& file,
                      std::initializer_list<std::string_view> parts, Settle settle) {
  make_folder_of(file);
  const std::filesystem::path temporary = file.string() + ".partial";
  std::error_code failed;
  try {
    errno = 0;
    std::ofstream out(temporary, std::ios::binary);
    for (const auto& part : parts) out << part;
    out.close();
    if (!out) fail("cannot write {}: {}", file.string(), std::strerror(errno));
    settle(temporary);
    std::filesystem::rename(temporary, file, failed);
    if (failed) fail("cannot write {}: {}", file.string(), failed.message());
  } catch (const Error&) {
    std::filesystem::remove(temporary, failed);
    throw;
  }
}

}  // namespace

std::string read_whole_file(const std::filesystem::path& file, std::uintmax_t offset) {
  errno = 0;
  std::ifstream in(file, std::ios::binary);
  std::error_code unknown;
  const std::uintmax_t size = std::filesystem::file_size(file, unknown);
  std::string text;
  if (!unknown && size > offset) text.reserve(static_cast<std::size_t>(size - offset));
  if (offset > 0) in.seekg(static_cast<std::streamoff>(offset));
  for (std::vector<char> buffer(1 << 16); in;
       text.append(buffer.data(), static_cast<std::size_t>(in.gcount())))
    in.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
  if (!in.is_open() || in.bad() || std::filesystem::is_directory(file))
    fail("cannot read {}: {}", file.string(), errno ? std::strerror(errno) : "it is a folder");
  return text;
}

void sync_to_disk(const std::filesystem::path& file) {
  const int id = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  const bool done = id >= 0 && ::fsync(id) == 0;
  const int reason = errno;
  if (id >= 0) ::close(id);
  if (!done) fail("cannot write {} to the disk: {}", file.string(), std::strerror(reason));
}

void make_folder_of(const std::filesystem::path& file) {
  std::error_code failed;
  if (file.has_parent_path()) std::filesystem::create_directories(file.parent_path(), failed);
  if (failed)
    fail("cannot create the folder {}: {}", file.parent_path().string(), failed.message());
}

void write_whole_file(const std::filesystem::path& file,
                      std::initializer_list<std::string_view> parts) {
  write_and_rename(file, parts, [](const auto&) {});
}

void write_lasting_file(const std::filesystem::path& file,
                        std::initializer_list<std::string_view> parts) {
  write_and_rename(file, parts, [](const auto& temporary) { sync_to_disk(temporary); });
  const auto folder = file.parent_path();
  sync_to_disk(folder.empty() ? "." : folder);
}

}  // namespace ladcast
