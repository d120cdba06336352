#include "plugins/stations/places.h"

#include <cmath>
#include <fstream>
#include <set>

namespace ladcast {
namespace {

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

std::vector<std::string> cells_of(std::string_view line) {
  std::vector<std::string> cells(1);
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quoted && c == '"' && i + 1 < line.size() && line[i + 1] == '"') {
      cells.back() += line[++i];
    } else if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      cells.emplace_back();
    } else {
      cells.back() += c;
    }
  }
  for (auto& cell : cells) cell = trimmed(cell);
  return cells;
}

double degrees(const std::string& text, const char* what, double least, double most) {
  std::size_t used = 0;
  double value = NAN;
  try {
    value = std::stod(text, &used);
  } catch (const std::logic_error&) {
    used = std::string::npos;
  }
  if (used != text.size()) fail("the {} '{}' is no number", what, text);
  if (!(value >= least && value <= most))
    fail("the {} {} is not between {} and {}", what, text, least, most);
  return value;
}

}  // namespace

Place parse_place(std::string_view text) {
  const auto cells = cells_of(text);
  if (cells.size() != 3 || cells[0].empty())
    fail("'{}' is no place; write name,latitude,longitude", text);
  const double latitude = degrees(cells[1], "latitude", -90, 90);
  const double longitude = degrees(cells[2], "longitude", -180, 360);
  return {cells[0], latitude, longitude < 0 ? longitude + 360 : std::fmod(longitude, 360)};
}

std::vector<Place> read_places(const std::string& file) {
  std::ifstream in(file);
  if (!in) fail("cannot read the places in {}: no such file", file);
  std::vector<Place> places;
  int number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    const auto text = trimmed(line);
    if (text.empty() || text.front() == '#') continue;
    if (places.empty() &&
        cells_of(text) == std::vector<std::string>{"name", "latitude", "longitude"})
      continue;
    try {
      places.push_back(parse_place(text));
    } catch (const Error& error) {
      throw error.in(fmt::format("{}:{}", file, number));
    }
  }
  return places;
}

std::string csv_cell(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string cell = "\"";
  for (const char c : text) cell.append(c == '"' ? 2 : 1, c);
  return cell + '"';
}

void require_distinct(const std::vector<Place>& places) {
  if (places.empty()) fail("the list of places is empty");
  std::set<std::string> names;
  for (const auto& place : places)
    if (!names.insert(place.name).second) fail("two places are called '{}'", place.name);
}

}  // namespace ladcast
