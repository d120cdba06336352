// A GRIB file with its index, JSON lines as ECMWF's open data have them: what each message is, its
// _offset and _length.
#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace ladcast {

/// The index beside a GRIB file: another extension.
std::filesystem::path grib_index(const std::filesystem::path& path);

/// Whether a file is there with its index and `bytes` long.
bool is_complete_grib(const std::filesystem::path& path, std::uint64_t bytes);

/// Written beside its path under a temporary name; it and its index get their names in finish().
/// All functions throw Error, which names the file.
class GribFile {
 public:
  explicit GribFile(std::filesystem::path path);
  GribFile(GribFile&&) noexcept;
  GribFile& operator=(GribFile&&) = delete;
  ~GribFile();  // removes the temporary file unless finish() was called

  const std::filesystem::path& path() const { return path_; }

  /// Appends a message; `keys` are the members of its JSON object in the index.
  void append(std::string_view message, const std::string& keys);

  /// The message that was appended last, read from the file.
  std::string read_last();

  /// Waits until all is on the disk and gives the names, the index first. Returns the size.
  std::uint64_t finish();

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::filesystem::path path_, temporary_;  // the second is empty once finished or moved from
  std::unique_ptr<std::FILE, Close> file_;
  std::string index_;
  std::uint64_t bytes_ = 0, last_ = 0;  // written, and the length of the last message
};

}  // namespace ladcast
