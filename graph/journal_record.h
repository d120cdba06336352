// Records of a journal: lines of fields with a checksum.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace ladcast {

/// "0123456789abcdef kind\tfield\t…\n"; tabs, line ends and backslashes in fields are escaped.
std::string journal_line(const std::vector<std::string>& fields);

struct JournalExtent {
  std::size_t sound = 0;  // bytes before the first record that is torn
  bool torn = false;
};

/// Gives the fields of each record to `each`, up to the first record that is torn.
JournalExtent parse_journal(const std::string& text,
                            const std::function<void(const std::vector<std::string>&)>& each);

}  // namespace ladcast
