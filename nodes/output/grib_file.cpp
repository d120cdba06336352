#include "nodes/output/grib_file.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "graph/error.h"
#include "graph/whole_file.h"
#include "nodes/output/temporary_file.h"

namespace ladcast {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void fail_at(const fs::path& path, const char* what) {
  fail("cannot {} {}: {}", what, path.string(), std::strerror(errno));
}

}  // namespace

fs::path grib_index(const fs::path& path) {
  fs::path index = path;
  return index.replace_extension(".index");
}

bool is_complete_grib(const fs::path& path, std::uint64_t bytes) {
  std::error_code failed;
  return fs::exists(grib_index(path), failed) && fs::file_size(path, failed) == bytes && !failed;
}

GribFile::GribFile(fs::path path) : path_(std::move(path)) {
  const fs::path temporary = temporary_beside(path_);
  file_.reset(std::fopen(temporary.c_str(), "w+b"));
  if (!file_) fail_at(temporary, "create");
  temporary_ = temporary;
}

GribFile::GribFile(GribFile&& other) noexcept
    : path_(std::move(other.path_)),
      temporary_(std::exchange(other.temporary_, {})),
      file_(std::move(other.file_)),
      index_(std::move(other.index_)),
      bytes_(other.bytes_),
      last_(other.last_) {}

GribFile::~GribFile() {
  std::error_code ignored;
  if (!temporary_.empty()) fs::remove(temporary_, ignored);
}

void GribFile::append(std::string_view message, const std::string& keys) {
  if (std::fwrite(message.data(), 1, message.size(), file_.get()) != message.size())
    fail_at(temporary_, "write");
  index_ += fmt::format("{{{}, \"_offset\": {}, \"_length\": {}}}\n", keys, bytes_, message.size());
  bytes_ += message.size();
  last_ = message.size();
}

std::string GribFile::read_last() {
  if (std::fflush(file_.get()) != 0) fail_at(temporary_, "write");
  std::string message(last_, '\0');
  errno = 0;
  const auto got = ::pread(::fileno(file_.get()), message.data(), message.size(),
                           static_cast<off_t>(bytes_ - last_));
  if (got != static_cast<ssize_t>(message.size())) fail_at(temporary_, "read back");
  return message;
}

std::uint64_t GribFile::finish() {
  if (std::fclose(file_.release()) != 0) fail_at(temporary_, "write");
  sync_to_disk(temporary_);
  write_whole_file(grib_index(path_), {index_});
  sync_to_disk(grib_index(path_));
  std::error_code failed;
  fs::rename(temporary_, path_, failed);
  if (failed) {
    const std::string reason = failed.message();
    fs::remove(grib_index(path_), failed);
    fail("cannot rename {} to {}: {}", temporary_.string(), path_.string(), reason);
  }
  temporary_.clear();
  return bytes_;
}

}  // namespace ladcast
