#include "graph/whole_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include "graph/error.h"

namespace ladcast {

std::string read_whole_file(const std::filesystem::path& file) {
  errno = 0;
  std::ifstream in(file, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
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
  make_folder_of(file);
  const std::filesystem::path temporary = file.string() + ".partial";
  errno = 0;
  std::ofstream out(temporary, std::ios::binary);
  for (const auto& part : parts) out << part;
  out.close();
  std::error_code failed;
  if (out) std::filesystem::rename(temporary, file, failed);
  if (out && !failed) return;
  const std::string reason = failed ? failed.message() : std::strerror(errno);
  std::filesystem::remove(temporary, failed);
  fail("cannot write {}: {}", file.string(), reason);
}

}  // namespace ladcast
