// The CSV file of score rows.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "nodes/values/scores.h"

namespace ladcast {

/// The first line: init,lead_hours,forecast,region,variable,level,score,event,bin,value,weight,
/// count.
std::string csv_header();

/// One line without its end. Empty: init where initial times are averaged, level of surface
/// variables, a value that is missing. Text with a comma, a quote or a line break is quoted (RFC
/// 4180).
std::string csv_line(const ScoreRow& row);

/// A cell: quoted where it has a comma, a quote or a line break (RFC 4180).
std::string csv_text(const std::string& text);

/// A file that is written under a temporary name beside its path and gets its name in finish().
class CsvFile {
 public:
  /// Makes the folder and the temporary file with its header. Throws Error.
  explicit CsvFile(std::filesystem::path path, const std::string& header = csv_header());
  CsvFile(const CsvFile&) = delete;
  CsvFile& operator=(const CsvFile&) = delete;
  ~CsvFile();  // removes the temporary file unless finish() was called

  /// Throws Error.
  void write(const std::vector<ScoreRow>& rows);
  void write_line(const std::string& line);

  /// Closes the file and gives it its name. Throws Error.
  void finish();

 private:
  void require_good(const char* action);

  std::filesystem::path path_, temporary_;
  std::ofstream file_;
};

}  // namespace ladcast
