#include "nodes/verify/score_csv.h"

#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <limits>
#include <map>

#include "graph/error.h"

namespace ladcast {
namespace {

using Columns = std::map<std::string, std::size_t, std::less<>>;

// A quoted field holds commas, and each of its quotes twice (RFC 4180); none of ours spans lines.
std::vector<std::string> fields_of(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const bool quote = line[i] == '"';
    if (quote && quoted && i + 1 < line.size() && line[i + 1] == '"') {
      fields.back() += line[++i];
    } else if (quote) {
      quoted = !quoted;
    } else if (line[i] == ',' && !quoted) {
      fields.emplace_back();
    } else {
      fields.back() += line[i];
    }
  }
  return fields;
}

template <class Number>
Number number_from(const std::string& text, const char* column) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size())
    fail("{} '{}' is no number", column, text);
  return number;
}

ScoreRow row_from(const std::vector<std::string>& fields, const Columns& columns) {
  if (fields.size() != columns.size())
    fail("{} fields where the header has {}", fields.size(), columns.size());
  const auto field = [&](const char* column) -> const std::string& {
    static const std::string none;
    const auto found = columns.find(column);
    return found == columns.end() ? none : fields[found->second];
  };
  ScoreRow row;
  if (!field("init").empty()) row.init = parse_time(field("init"));
  row.lead_hours = number_from<int>(field("lead_hours"), "lead_hours");
  row.forecast = field("forecast");
  row.region = field("region");
  row.channel.name = field("variable");
  if (!field("level").empty()) row.channel.level = number_from<int>(field("level"), "level");
  row.score = field("score");
  row.event = field("event");
  if (!field("bin").empty()) row.bin = number_from<double>(field("bin"), "bin");
  row.value = field("value").empty() ? std::numeric_limits<double>::quiet_NaN()
                                     : number_from<double>(field("value"), "value");
  return row;
}

}  // namespace

std::vector<ScoreRow> read_score_csv(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::string line;
  if (!file) fail("cannot read scores from {}: {}", path.string(), std::strerror(errno));
  if (!std::getline(file, line)) fail("cannot read scores from {}: it is empty", path.string());
  Columns columns;
  for (const auto& name : fields_of(line)) columns.try_emplace(name, columns.size());
  for (const char* const needed :
       {"init", "lead_hours", "forecast", "region", "variable", "level", "score", "value"})
    if (!columns.contains(needed))
      fail("{} has no column '{}': it is no table of scores that csv_out wrote", path.string(),
           needed);
  std::vector<ScoreRow> rows;
  for (std::size_t number = 2; std::getline(file, line); ++number) {
    try {
      rows.push_back(row_from(fields_of(line), columns));
    } catch (const Error& error) {
      throw error.in(fmt::format("{}, line {}", path.string(), number));
    }
  }
  return rows;
}

}  // namespace ladcast
