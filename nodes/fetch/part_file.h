// A file that is still coming: FILE.part, which becomes FILE when it is whole.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>

namespace ladcast {

/// Held by one process at a time. What is in FILE.part stays there unless remove() is called.
class PartFile {
 public:
  /// Opens or makes the part of `file`, and the folders above it. Throws Error.
  explicit PartFile(std::filesystem::path file);
  ~PartFile();
  PartFile(const PartFile&) = delete;
  PartFile& operator=(const PartFile&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::uintmax_t size() const { return size_; }

  /// Throws Error where the disk has less than this.
  void require_space(std::uintmax_t bytes) const;
  /// Throws Error.
  void append(std::span<const char> bytes);
  /// Begins again at 0 bytes. Throws Error.
  void restart();
  /// Waits until all is on the disk and gives it its name. Throws Error.
  void finish();
  void remove();

 private:
  [[noreturn]] void fail_write(int reason) const;

  std::filesystem::path file_;
  std::filesystem::path path_;
  int descriptor_ = -1;
  std::uintmax_t size_ = 0;
};

}  // namespace ladcast
