// A text file that has its name only when it is complete.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>

namespace ladcast {

class TableFile {
 public:
  /// Makes the folder and a temporary file beside `path`. Throws Error.
  explicit TableFile(std::filesystem::path path);
  TableFile(const TableFile&) = delete;
  TableFile& operator=(const TableFile&) = delete;
  ~TableFile();  // removes the temporary file unless finish() was called

  /// Throws Error.
  void write(const std::string& line);

  /// Closes the file and gives it its name. Throws Error.
  void finish();

 private:
  void require_good(const char* action);

  std::filesystem::path path_, temporary_;
  std::ofstream file_;
};

}  // namespace ladcast
