// Short texts that users and files write: units, times, channels, recipes, events.
#include "graph/time.h"
#include "nodes/ingest/cf_time.h"
#include "nodes/ingest/derive.h"
#include "nodes/ingest/units.h"
#include "nodes/values/event.h"
#include "nodes/values/variables.h"
#include "tests/fuzz/parsers.h"

namespace ladcast::fuzz {
namespace {

std::vector<std::string> valid_times() {
  return {"hours since 1900-01-01 00:00:00.0|gregorian|894000", "days since 1-1-1||0",
          "seconds since 1970-01-01T00:00:00Z|standard|1e9",
          "nanoseconds since 2000-1-1 0:0:0 UTC|proleptic_gregorian|-1"};
}

/// Units, calendar and value.
void read_times(const std::string& input) {
  auto parts = split(input, '|');
  parts.resize(3);
  const Time time = CfTimeUnits::parse(parts[0], parts[1]).decode(std::atof(parts[2].c_str()));
  format_time(time);
}

void read_time(const std::string& input) {
  const Time time = parse_time(input);
  short_time(time);
  compact_time(time);
}

void read_units(const std::string& input) {
  auto parts = split(input, '|');
  parts.resize(2);
  convert_units(parts[0], parts[1]);
  convert_units(parts[0], "Pa");
}

void read_channel(const std::string& input) { static_cast<void>(to_string(parse_channel(input))); }
void read_recipe(const std::string& input) { static_cast<void>(parse_recipe(input).makes({})); }
void read_event(const std::string& input) { static_cast<void>(parse_event(input).about()); }

using Texts = std::vector<std::string>;

}  // namespace

void add_words(std::vector<Parser>& all) {
  const Texts channels = {"geopotential",  " 500",  " hPa", ", mean",     ", standard deviation",
                          ", percentile ", " [m]",  ">",    "<",          " from ",
                          "1e999",         "99999", "e",    "temperature"};
  all.push_back(
      {"cf_time", valid_times, read_times, {" since ", "days", "24:60:60", "+00:00", "0-0-0"}});
  all.push_back({"time",
                 [] {
                   return Texts{"2018-01-03T06:00:00Z", "2018-01-03", "0000-01-01 00"};
                 },
                 read_time});
  all.push_back({"units",
                 [] {
                   return Texts{"m**2 s**-2|m2 s-2", "hPa|Pa", "degC|K"};
                 },
                 read_units});
  all.push_back({"channel",
                 [] {
                   return Texts{"2m_temperature",
                                "geopotential 500 hPa, mean",
                                "geopotential 500 [m2 s-2]",
                                "2m_temperature, percentile 90",
                                "2m_temperature, above 273.15 [1]",
                                "snow_depth [m]"};
                 },
                 read_channel, channels});
  all.push_back({"recipe",
                 [] {
                   return Texts{"vertical_velocity 50 from 0", "2m_temperature from 2.8e2",
                                "specific_humidity from relative_humidity"};
                 },
                 read_recipe, channels});
  all.push_back({"event",
                 [] {
                   return Texts{"2m_temperature > 303.15", "geopotential 500 < 5e4"};
                 },
                 read_event, channels});
}

}  // namespace ladcast::fuzz
