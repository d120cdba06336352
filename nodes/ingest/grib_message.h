// GRIB files, message by message. Thread rule: ecCodes is thread-safe only where it was built so;
// all calls of the process belong to one thread at a time (the lane "eccodes").
#pragma once

#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "graph/time.h"

struct grib_handle;

namespace ladcast {

/// One field of a GRIB1 or GRIB2 file. Errors name file and message.
class GribMessage {
 public:
  GribMessage(grib_handle* handle, std::string name);

  /// "message 12 of analysis.grib2".
  const std::string& name() const { return name_; }
  /// The name with parameter, level and step, to tell messages apart.
  std::string describe() const;

  long whole(const char* key) const;
  double number(const char* key) const;
  std::string text(const char* key) const;
  std::optional<long> find_whole(const char* key) const;  // nothing where there is no such key
  std::string find_text(const char* key) const;           // empty where there is no such key

  Time valid() const;

  std::vector<long> whole_array(const char* key) const;
  std::vector<double> array(const char* key) const;
  /// As the message has them, with `missing` for points without a value.
  std::vector<double> values(double missing) const;

 private:
  void check(int status, const char* key) const;
  std::size_t size_of(const char* key) const;

  struct Delete {
    void operator()(grib_handle* handle) const;
  };
  std::unique_ptr<grib_handle, Delete> handle_;
  std::string name_;
};

/// Reads the messages of a file in order; fields of multi-field messages come one by one.
class GribReader {
 public:
  /// Throws Error where the file cannot be opened.
  explicit GribReader(const std::filesystem::path& path);

  /// The next message; nothing at the end of the file. Throws Error where a message is damaged.
  std::optional<GribMessage> next();

 private:
  struct Close {
    void operator()(std::FILE* file) const;
  };
  std::filesystem::path path_;
  std::unique_ptr<std::FILE, Close> file_;
  int count_ = 0;
};

}  // namespace ladcast
