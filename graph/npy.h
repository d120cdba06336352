// NumPy's .npy files (numpy.lib.format): real numbers in C order, little-endian.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace ladcast {

/// Everything before the numbers of a float32 file, format version 1.0: magic, version, length and
/// the header itself, padded with spaces so that the numbers start at a multiple of 64 bytes.
std::string npy_header(const std::vector<std::size_t>& shape);

/// Writes to a temporary name beside `file` and renames it. Requires: as many values as `shape`
/// says. Throws Error.
void write_npy(const std::filesystem::path& file, std::span<const float> values,
               const std::vector<std::size_t>& shape);

/// A file of which any part is read or written alone. All functions throw Error, which names the
/// file. Thread-safe: reading, and writing where nobody else reads or writes.
class NpyFile {
 public:
  /// A new float32 file, all zeros.
  static NpyFile create(const std::filesystem::path& path, const std::vector<std::size_t>& shape);
  /// A file of float32 or float64, format versions 1 to 3.
  static NpyFile open(const std::filesystem::path& path);
  /// A float32 file that is written on.
  static NpyFile open_to_write(const std::filesystem::path& path);

  const std::filesystem::path& path() const { return path_; }
  const std::vector<std::size_t>& shape() const { return shape_; }

  /// The numbers that begin at the one with index `first`, in C order.
  void read(std::size_t first, std::span<float> numbers) const;
  void write(std::size_t first, std::span<const float> numbers) const;

  /// Waits until what was written is on the disk.
  void sync() const;

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  NpyFile(std::filesystem::path path, const char* mode);
  void read_header();
  void read_bytes(std::uint64_t offset, std::span<std::byte> bytes) const;
  void write_bytes(std::uint64_t offset, std::span<const std::byte> bytes) const;

  std::filesystem::path path_;
  std::unique_ptr<std::FILE, Close> file_;
  std::vector<std::size_t> shape_;
  std::uint64_t start_ = 0;  // of the numbers, in bytes
  bool is_double_ = false;
};

/// "(2, 3)", "(7,)" or "()", as Python writes it.
std::string python_tuple(const std::vector<std::size_t>& shape);

}  // namespace ladcast
