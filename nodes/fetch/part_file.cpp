#include "nodes/fetch/part_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "graph/error.h"
#include "graph/text.h"

namespace ladcast {

namespace fs = std::filesystem;

PartFile::PartFile(fs::path file) : file_(std::move(file)), path_(file_.string() + ".part") {
  std::error_code failed;
  fs::create_directories(file_.parent_path(), failed);
  if (failed)
    fail("cannot make the folder {}: {}\n      = --to DIR names another place",
         file_.parent_path().string(), failed.message());
  descriptor_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (descriptor_ < 0)
    fail("cannot write {}: {}\n      = --to DIR names another place", path_.string(),
         std::strerror(errno));
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
    ::close(descriptor_);
    fail("{} is being fetched by another program\n      = wait for it", path_.string());
  }
  const off_t end = ::lseek(descriptor_, 0, SEEK_END);
  size_ = end > 0 ? static_cast<std::uintmax_t>(end) : 0;
}

PartFile::~PartFile() {
  if (size_ == 0) remove();
  ::close(descriptor_);
}

void PartFile::require_space(std::uintmax_t bytes) const {
  std::error_code unknown;
  const auto space = fs::space(path_.parent_path(), unknown);
  if (unknown || space.available >= bytes) return;
  fail("{} needs {} more, and the disk has {}\n      = free some, or --to DIR names another place",
       file_.string(), format_bytes(bytes), format_bytes(space.available));
}

void PartFile::fail_write(int reason) const {
  fail("cannot write {}: {}\n      = {} are kept; the same command goes on there", path_.string(),
       std::strerror(reason), format_bytes(size_));
}

void PartFile::append(std::span<const char> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail_write(errno);
    size_ += static_cast<std::uintmax_t>(written);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
}

void PartFile::restart() {
  if (::ftruncate(descriptor_, 0) != 0) fail_write(errno);
  size_ = 0;
}

void PartFile::finish() {
  if (::fsync(descriptor_) != 0 || ::rename(path_.c_str(), file_.c_str()) != 0) fail_write(errno);
}

void PartFile::remove() {
  std::error_code ignored;
  fs::remove(path_, ignored);
}

}  // namespace ladcast
