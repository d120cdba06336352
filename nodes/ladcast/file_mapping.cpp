#include "nodes/ladcast/file_mapping.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "graph/error.h"

namespace ladcast {
namespace {

class Descriptor {
 public:
  explicit Descriptor(const std::filesystem::path& file)
      : value_(::open(file.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (value_ < 0) fail("cannot open {}: {}", file.string(), std::strerror(errno));
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { ::close(value_); }
  int operator*() const { return value_; }

 private:
  int value_;
};

}  // namespace

std::shared_ptr<const FileMapping> FileMapping::open(const std::filesystem::path& file) {
  const Descriptor descriptor(file);
  struct stat status {};
  if (::fstat(*descriptor, &status) != 0)
    fail("cannot read {}: {}", file.string(), std::strerror(errno));
  if (!S_ISREG(status.st_mode)) fail("cannot read {}: it is not a file", file.string());
  const auto size = static_cast<std::size_t>(status.st_size);
  const std::byte* data = nullptr;
  if (size > 0) {
    void* memory = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, *descriptor, 0);
    if (memory == MAP_FAILED) fail("cannot map {}: {}", file.string(), std::strerror(errno));
    data = static_cast<const std::byte*>(memory);
  }
  return std::shared_ptr<const FileMapping>(new FileMapping(data, size));
}

FileMapping::~FileMapping() {
  if (data_ != nullptr) ::munmap(const_cast<std::byte*>(data_), size_);
}

}  // namespace ladcast
