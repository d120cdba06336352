#include "graph/journal_record.h"

#include <fmt/format.h>

#include "graph/random.h"

namespace ladcast {
namespace {

std::string escaped(const std::string& field) {
  std::string text;
  for (const char c : field) {
    if (c == '\\')
      text += "\\\\";
    else if (c == '\n')
      text += "\\n";
    else if (c == '\t')
      text += "\\t";
    else
      text += c;
  }
  return text;
}

std::vector<std::string> split(std::string_view body) {
  std::vector<std::string> fields(1);
  for (std::size_t i = 0; i < body.size(); ++i) {
    if (body[i] == '\t') {
      fields.emplace_back();
    } else if (body[i] == '\\' && i + 1 < body.size()) {
      ++i;
      fields.back() += body[i] == 'n' ? '\n' : body[i] == 't' ? '\t' : body[i];
    } else {
      fields.back() += body[i];
    }
  }
  return fields;
}

std::string checksum(std::string_view body) { return fmt::format("{:016x}", fnv1a(body)); }

}  // namespace

std::string journal_line(const std::vector<std::string>& fields) {
  std::string body;
  for (std::size_t i = 0; i < fields.size(); ++i) body += (i ? "\t" : "") + escaped(fields[i]);
  return checksum(body) + " " + body + "\n";
}

JournalExtent parse_journal(const std::string& text,
                            const std::function<void(const std::vector<std::string>&)>& each) {
  constexpr std::size_t kSum = 16;
  JournalExtent journal;
  while (journal.sound < text.size()) {
    const auto end = text.find('\n', journal.sound);
    const std::string_view line = std::string_view(text).substr(journal.sound, end - journal.sound);
    if (end == std::string::npos || line.size() <= kSum || line[kSum] != ' ' ||
        line.substr(0, kSum) != checksum(line.substr(kSum + 1))) {
      journal.torn = true;
      break;
    }
    each(split(line.substr(kSum + 1)));
    journal.sound = end + 1;
  }
  return journal;
}

}  // namespace ladcast
