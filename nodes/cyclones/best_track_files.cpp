#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <fstream>
#include <limits>
#include <map>
#include <optional>

#include "graph/error.h"
#include "nodes/cyclones/best_track.h"
#include "nodes/cyclones/great_circle.h"

namespace ladcast {
namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
constexpr double kKnot = 0.514444;      // m s-1
constexpr double kHectopascal = 100.0;  // Pa

std::string trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\xef\xbb\xbf");
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(" \t\r") - first + 1));
}

std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells;
  std::size_t start = 0;
  while (true) {
    const auto comma = line.find(',', start);
    cells.push_back(trimmed(std::string_view(line).substr(start, comma - start)));
    if (comma == std::string::npos) return cells;
    start = comma + 1;
  }
}

std::optional<double> number_in(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return {};
  return value;
}

bool is_synoptic(Time time) {
  return time.time_since_epoch() % std::chrono::hours{6} == std::chrono::seconds{0};
}

/// The lines of a file, with the place for messages.
class Lines {
 public:
  explicit Lines(const std::filesystem::path& file) : file_(file), stream_(file) {
    if (!stream_) fail("cannot open {}", file.string());
  }
  /// The next line that is not blank.
  bool next() {
    while (std::getline(stream_, text_)) {
      ++number_;
      if (!trimmed(text_).empty()) return true;
    }
    return false;
  }
  const std::string& text() const { return text_; }

  [[noreturn]] void refuse(const std::string& what, const std::string& cure) const {
    fail("{}, line {}: {}; {}", file_.string(), number_, what, cure);
  }
  [[noreturn]] void refuse_file(const std::string& what, const std::string& cure) const {
    fail("{}: {}; {}", file_.string(), what, cure);
  }

  double number(const std::string& cell, const char* what) const {
    const auto value = number_in(cell);
    if (!value)
      refuse(fmt::format("{} '{}' is no number", what, cell),
             "correct the cell or leave the row out");
    return *value;
  }

  /// From 0 to 9999.
  int count(const std::string& cell, const char* what) const {
    const double value = number(cell, what);
    if (value < 0 || value > 9999 || value != std::floor(value))
      refuse(fmt::format("{} '{}' is no whole number below 10000", what, cell),
             "correct the cell or leave the row out");
    return static_cast<int>(value);
  }

  LatLon position(double latitude, double longitude) const {
    if (std::abs(latitude) > 90 || std::abs(longitude) > 360)
      refuse(fmt::format("{} N {} E is no place on Earth", latitude, longitude),
             "correct the row or leave it out");
    return {latitude, wrap_longitude(longitude)};
  }

  /// From "20190828", "0600" and any marks between or after them.
  Time time(const std::string& cell) const {
    std::string digits;
    for (const char c : cell)
      if (c >= '0' && c <= '9') digits += c;
    digits.resize(std::max<std::size_t>(digits.size(), 12), digits.size() == 10 ? '0' : 'x');
    const auto part = [&](std::size_t at, std::size_t length) {
      return number_in(std::string_view(digits).substr(at, length)).value_or(-1);
    };
    const std::chrono::year_month_day day{
        std::chrono::year(static_cast<int>(part(0, 4))),
        std::chrono::month(static_cast<unsigned>(std::max(part(4, 2), 0.0))),
        std::chrono::day(static_cast<unsigned>(std::max(part(6, 2), 0.0)))};
    const double hour = part(8, 2);
    const double minute = part(10, 2);
    if (digits.size() > 14 || !day.ok() || hour < 0 || hour > 23 || minute < 0 || minute > 59)
      refuse(fmt::format("'{}' is no time", cell),
             "write YYYY-MM-DD HH:MM:SS or YYYYMMDDHHMMSS, in UTC");
    return std::chrono::sys_days{day} + std::chrono::hours{static_cast<int>(hour)} +
           std::chrono::minutes{static_cast<int>(minute)};
  }

 private:
  std::filesystem::path file_;
  std::ifstream stream_;
  std::string text_;
  int number_ = 0;
};

void add(const Lines& lines, Storm& storm, const Observation& observation) {
  if (!is_synoptic(observation.time)) return;
  if (!storm.observations.empty() && storm.observations.back().time >= observation.time)
    lines.refuse(fmt::format("storm {} is at {} after {}", storm.id, short_time(observation.time),
                             short_time(storm.observations.back().time)),
                 "sort the rows of each storm by time and keep one of each time");
  storm.observations.push_back(observation);
}

// ---- IBTrACS ----

class IbtracsRow {
 public:
  IbtracsRow(const Lines& lines, const std::map<std::string, std::size_t>& columns)
      : lines_(lines), columns_(columns), cells_(cells_of(lines.text())) {}

  /// Empty where the file has no such column.
  std::string cell(const char* column) const {
    const auto found = columns_.find(column);
    if (found == columns_.end()) return {};
    if (found->second >= cells_.size())
      lines_.refuse(
          fmt::format("{} cells, column {} is the {}th", cells_.size(), column, found->second + 1),
          "fetch the file again: it seems cut off");
    return cells_[found->second];
  }
  bool is_units() const { return cell("LAT").starts_with("degree"); }
  bool has_position() const { return !cell("LAT").empty() || !cell("LON").empty(); }

  /// Of the first of `columns` that has a value.
  double number(std::initializer_list<const char*> columns, double unit) const {
    for (const char* column : columns) {
      const std::string text = cell(column);
      if (!text.empty()) return lines_.number(text, column) * unit;
    }
    return kUnknown;
  }
  Observation observation() const {
    const LatLon position =
        lines_.position(lines_.number(cell("LAT"), "LAT"), lines_.number(cell("LON"), "LON"));
    return {lines_.time(cell("ISO_TIME")), position,
            number({"WMO_PRES", "USA_PRES", "PRES"}, kHectopascal),
            number({"WMO_WIND", "USA_WIND", "WIND"}, kKnot)};
  }

 private:
  const Lines& lines_;
  const std::map<std::string, std::size_t>& columns_;
  std::vector<std::string> cells_;
};

std::vector<Storm> read_ibtracs(Lines& lines) {
  std::map<std::string, std::size_t> columns;
  for (const auto& name : cells_of(lines.text())) columns.try_emplace(name, columns.size());
  for (const char* needed : {"SID", "NAME", "ISO_TIME", "LAT", "LON"})
    if (!columns.contains(needed))
      lines.refuse(fmt::format("the header has no column {}", needed),
                   "take an IBTrACS v04r01 CSV as published");
  std::vector<Storm> storms;
  std::map<std::string, std::size_t> places;
  while (lines.next()) {
    const IbtracsRow row(lines, columns);
    if (row.is_units() || !row.has_position()) continue;
    const std::string id = row.cell("SID");
    if (id.empty()) lines.refuse("no SID", "correct the row or leave it out");
    const auto [place, is_new] = places.try_emplace(id, storms.size());
    if (is_new) {
      const std::string season = row.cell("SEASON");
      storms.push_back(
          {id, row.cell("NAME"), season.empty() ? 0 : lines.count(season, "SEASON"), {}});
    }
    add(lines, storms[place->second], row.observation());
  }
  return storms;
}

// ---- HURDAT2 ----

/// "AL052019": basin, number, year.
bool is_hurdat_id(const std::string& text) {
  return text.size() == 8 && std::isalpha(static_cast<unsigned char>(text[0])) != 0 &&
         std::all_of(text.begin() + 2, text.end(),
                     [](unsigned char c) { return std::isdigit(c) != 0; });
}

/// "28.0N" or "94.8W".
double signed_degrees(const Lines& lines, const std::string& cell, char plus, char minus) {
  const char mark = cell.empty() ? ' ' : cell.back();
  const auto value =
      number_in(std::string_view(cell).substr(0, cell.size() - (cell.empty() ? 0 : 1)));
  if (!value || (mark != plus && mark != minus))
    lines.refuse(fmt::format("'{}' is no degrees {} or {}", cell, plus, minus),
                 "correct the cell or leave the row out");
  return mark == minus ? -*value : *value;
}

/// Missing winds are -99, missing pressures -999.
double hurdat_number(const Lines& lines, const std::string& cell, const char* what, double unit) {
  const double value = lines.number(cell, what);
  return value < 0 ? kUnknown : value * unit;
}

std::vector<Storm> read_hurdat2(Lines& lines) {
  std::vector<Storm> storms;
  bool more = true;
  while (more) {
    const auto header = cells_of(lines.text());
    if (header.size() < 3 || !is_hurdat_id(header[0]))
      lines.refuse(fmt::format("'{}' is no header of a storm", lines.text()),
                   "write ID, name and number of rows as in 'AL052019, DORIAN, 66,'");
    Storm storm{header[0], header[1], lines.count(header[0].substr(4), "the year"), {}};
    const int rows = lines.count(header[2], "the number of rows");
    for (int row = 0; row < rows; ++row) {
      if (!lines.next())
        lines.refuse_file(fmt::format("ends after {} of {} rows of {}", row, rows, storm.id),
                          "fetch the file again: it seems cut off");
      const auto cells = cells_of(lines.text());
      if (cells.size() < 8)
        lines.refuse(
            fmt::format("{} cells in a row of {}, at least 8 are needed", cells.size(), storm.id),
            fmt::format("check that its header counts {} rows rightly", rows));
      add(lines, storm,
          {lines.time(cells[0] + cells[1]),
           lines.position(signed_degrees(lines, cells[4], 'N', 'S'),
                          signed_degrees(lines, cells[5], 'E', 'W')),
           hurdat_number(lines, cells[7], "the pressure", kHectopascal),
           hurdat_number(lines, cells[6], "the wind", kKnot)});
    }
    storms.push_back(std::move(storm));
    more = lines.next();
  }
  return storms;
}

}  // namespace

std::vector<Storm> read_best_tracks(const std::filesystem::path& file) {
  Lines lines(file);
  if (!lines.next()) lines.refuse_file("the file is empty", "fetch it again");
  const std::string first = cells_of(lines.text()).front();
  std::vector<Storm> storms;
  if (first == "SID")
    storms = read_ibtracs(lines);
  else if (is_hurdat_id(first))
    storms = read_hurdat2(lines);
  else
    lines.refuse(fmt::format("'{}' begins neither an IBTrACS nor a HURDAT2 file", first),
                 "the first line is 'SID,SEASON,…' or like 'AL052019, DORIAN, 66,'");
  std::erase_if(storms, [](const Storm& storm) { return storm.observations.empty(); });
  return storms;
}

}  // namespace ladcast
