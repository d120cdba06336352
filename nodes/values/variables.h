// The variables of LaDCast and how GRIB, NetCDF and CF call them.
#pragma once

#include <span>
#include <string_view>

#include "nodes/values/channel.h"

namespace ladcast {

/// GRIB2 discipline, category and number.
struct Grib2Numbers {
  long discipline, category, number;
  bool operator==(const Grib2Numbers&) const = default;
};

/// Where a variable lives; the numbers are those of GRIB2 code table 4.5.
enum class Surface : int { ground = 1, isobaric = 100, sea_level = 101, height = 103 };

inline constexpr int kSinceStart = -1;

struct Variable {
  std::string_view name;         // WeatherBench 2
  std::string_view short_name;   // ecCodes
  std::string_view netcdf_name;  // cfgrib
  long param_id;                 // ECMWF; 0 where there is none
  Grib2Numbers grib2;
  Surface surface;
  int height;                      // m above ground, where surface is height
  int accumulation_hours;          // a sum over the hours before the valid time; 0 = instantaneous
                                   // value, kSinceStart = since the start of the forecast
  std::string_view units;          // of our values and files
  std::string_view standard_name;  // CF
  std::string_view long_name;
};

/// All variables that are known, the static ones last.
std::span<const Variable> variables();

/// The variable called `name` in WeatherBench 2, ecCodes or cfgrib; null if there is none.
const Variable* find_variable(std::string_view name);

/// The variable with this ECMWF paramId; null if there is none.
const Variable* find_variable(long param_id);

/// The variable with these GRIB2 numbers on this kind of surface; `height` in m is looked at for
/// Surface::height only. Null if there is none.
const Variable* find_variable(const Grib2Numbers& grib2, Surface surface, int height);

/// A variable that becomes another one by a factor alone.
struct Equivalent {
  std::string_view variable;  // what is wanted
  std::string_view source;    // what a file has
  double factor;              // between their units
};

/// What the variable called `name` can be read from as well; null if it is nothing else.
const Equivalent* find_equivalent(std::string_view name);

/// Reads "2m_temperature", "geopotential 500", "geopotential 500 hPa", "geopotential 500 hPa, mean"
/// or "geopotential 500 hPa [m2 s-2]"; without units, those of the variable. Throws Error.
Channel parse_channel(std::string_view text);

}  // namespace ladcast
