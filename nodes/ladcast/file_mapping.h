// A file as read-only memory.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>

namespace ladcast {

/// Owns the mapping of one whole file; unmaps in its destructor. Thread-safe once made.
class FileMapping {
 public:
  /// Throws Error if the file cannot be opened or mapped. An empty file has no bytes.
  static std::shared_ptr<const FileMapping> open(const std::filesystem::path& file);

  FileMapping(const FileMapping&) = delete;
  FileMapping& operator=(const FileMapping&) = delete;
  ~FileMapping();

  std::span<const std::byte> bytes() const { return {data_, size_}; }

 private:
  FileMapping(const std::byte* data, std::size_t size) : data_(data), size_(size) {}

  const std::byte* data_;
  std::size_t size_;
};

}  // namespace ladcast
