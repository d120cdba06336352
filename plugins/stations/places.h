// Places on the globe and the lists that name them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "graph/param.h"

namespace ladcast {

struct Place {
  std::string name;
  double latitude;   // degrees north
  double longitude;  // degrees east, from 0 to below 360
};

/// Reads "name,latitude,longitude" in degrees; longitudes run from -180 to 360. A name with a comma
/// stands in double quotes, which are doubled inside (RFC 4180). Throws Error.
Place parse_place(std::string_view text);

/// A place on each line of a file; empty lines, those that start with #, and a first line
/// "name,latitude,longitude" are left out. Throws Error "file:line: …".
std::vector<Place> read_places(const std::string& file);

/// A text as one cell of CSV.
std::string csv_cell(const std::string& text);

/// Throws Error where two places have one name, or there is none.
void require_distinct(const std::vector<Place>& places);

template <>
struct ParamTraits<Place> {
  static const char* name() { return "place"; }
  static Place read(const Setting& setting) { return parse_place(setting.as_text()); }
  static std::string show(const Place& place) {
    return fmt::format("\"{},{},{}\"", place.name, place.latitude, place.longitude);
  }
};

}  // namespace ladcast
