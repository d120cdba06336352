#include "nodes/output/csv_file.h"

#include <cerrno>
#include <cmath>
#include <cstring>
#include <system_error>

#include "graph/error.h"
#include "nodes/output/temporary_file.h"

namespace ladcast {

std::string csv_text(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string result = "\"";
  for (const char c : text) result.append(c == '"' ? 2 : 1, c);
  return result + '"';
}

std::string csv_header() {
  return "init,lead_hours,forecast,region,variable,level,score,event,bin,value,weight,count";
}

std::string csv_line(const ScoreRow& row) {
  return fmt::format(
      "{},{},{},{},{},{},{},{},{},{},{:.6g},{}", row.init ? format_time(*row.init) : "",
      row.lead_hours, csv_text(row.forecast), csv_text(row.region), csv_text(row.channel.name),
      row.channel.level ? std::to_string(*row.channel.level) : "", row.score, csv_text(row.event),
      row.bin ? fmt::format("{:.10g}", *row.bin) : "",
      std::isnan(row.value) ? "" : fmt::format("{:.10g}", row.value), row.weight, row.count);
}

CsvFile::CsvFile(std::filesystem::path path, const std::string& header)
    : path_(std::move(path)), temporary_(temporary_beside(path_)) {
  file_.open(temporary_, std::ios::trunc);
  require_good("write");
  file_ << header << '\n';
}

CsvFile::~CsvFile() {
  if (!file_.is_open()) return;
  file_.close();
  std::error_code ignored;
  std::filesystem::remove(temporary_, ignored);
}

void CsvFile::write(const std::vector<ScoreRow>& rows) {
  for (const auto& row : rows) file_ << csv_line(row) << '\n';
  require_good("write");
}

void CsvFile::write_line(const std::string& line) {
  file_ << line << '\n';
  require_good("write");
}

void CsvFile::finish() {
  file_.flush();
  require_good("write");
  file_.close();
  require_good("close");
  std::error_code failed;
  std::filesystem::rename(temporary_, path_, failed);
  if (failed)
    fail("cannot rename {} to {}: {}", temporary_.string(), path_.string(), failed.message());
}

void CsvFile::require_good(const char* action) {
  if (!file_) fail("cannot {} {}: {}", action, temporary_.string(), std::strerror(errno));
}

}  // namespace ladcast
