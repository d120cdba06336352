#include "nodes/ingest/units.h"

#include <algorithm>
#include <array>
#include <string>

namespace ladcast {
namespace {

struct Spelling {
  std::string_view text;  // without blanks, stars, carets and dots
  std::string_view base;
  Conversion conversion;
};

constexpr std::array kSpellings = {
    Spelling{"m2s-2", "m2 s-2", {}},
    Spelling{"m2/s2", "m2 s-2", {}},
    Spelling{"J/kg", "m2 s-2", {}},
    Spelling{"Jkg-1", "m2 s-2", {}},
    Spelling{"kgkg-1", "kg kg-1", {}},
    Spelling{"kg/kg", "kg kg-1", {}},
    Spelling{"1", "kg kg-1", {}},
    Spelling{"gkg-1", "kg kg-1", {1e-3, 0}},
    Spelling{"g/kg", "kg kg-1", {1e-3, 0}},
    Spelling{"K", "K", {}},
    Spelling{"kelvin", "K", {}},
    Spelling{"Kelvin", "K", {}},
    Spelling{"degC", "K", {1, 273.15}},
    Spelling{"degree_Celsius", "K", {1, 273.15}},
    Spelling{"degrees_Celsius", "K", {1, 273.15}},
    Spelling{"Celsius", "K", {1, 273.15}},
    Spelling{"C", "K", {1, 273.15}},
    Spelling{"ms-1", "m s-1", {}},
    Spelling{"m/s", "m s-1", {}},
    Spelling{"Pas-1", "Pa s-1", {}},
    Spelling{"Pa/s", "Pa s-1", {}},
    Spelling{"Pa", "Pa", {}},
    Spelling{"hPa", "Pa", {100, 0}},
    Spelling{"mbar", "Pa", {100, 0}},
    Spelling{"mb", "Pa", {100, 0}},
    Spelling{"millibar", "Pa", {100, 0}},
    Spelling{"millibars", "Pa", {100, 0}},
    Spelling{"m", "m", {}},
    Spelling{"metre", "m", {}},
    Spelling{"gpm", "m", {}},  // of geopotential height
    Spelling{"mm", "m", {1e-3, 0}},
    Spelling{"kgm-2", "m", {1e-3, 0}},  // of water, 1000 kg m-3
    Spelling{"1", "1", {}},
    Spelling{"percent", "%", {}},
    Spelling{"1", "%", {100, 0}},
    Spelling{"", "1", {}},  // CF-1.8, section 3.1: what has no dimension needs no units
    Spelling{"%", "1", {0.01, 0}},
    Spelling{"percent", "1", {0.01, 0}},
    Spelling{"(0-1)", "1", {}},
    Spelling{"0-1", "1", {}},
    Spelling{"~", "1", {}},
    Spelling{"dimensionless", "1", {}},
    Spelling{"Numeric", "1", {}},
    Spelling{"rad", "rad", {}},
    Spelling{"radians", "rad", {}},
    Spelling{"radian", "rad", {}},
};

std::string compact(std::string_view units) {
  std::string text(units);
  std::erase_if(text, [](char c) { return c == ' ' || c == '*' || c == '^' || c == '.'; });
  return text;
}

}  // namespace

std::optional<Conversion> convert_units(std::string_view from, std::string_view to) {
  const std::string text = compact(from);
  if (text == compact(to)) return Conversion{};
  for (const Spelling& known : kSpellings) {
    if (known.text == text && known.base == to) return known.conversion;
  }
  return {};
}

}  // namespace ladcast
