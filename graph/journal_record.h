// Records of a journal: lines of fields with a checksum.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace ladcast {

/// "0123456789abcdef kind\tfield\t…\n"; tabs, line ends and backslashes in fields are escaped.
std::string journal_line(const std::vector<std::string>& fields);

struct JournalRecords {
  std::vector<std::vector<std::string>> records;
  std::size_t sound = 0;  // bytes before the first record that is torn
  bool torn = false;
};

/// Reads up to the first record that is torn.
JournalRecords parse_journal(const std::string& text);

}  // namespace ladcast
