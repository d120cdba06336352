// Requests as the Climate Data Store takes them: reanalysis-era5-pressure-levels and
// reanalysis-era5-single-levels, a file for each month, with the parameters of the data sets'
// pages.
#include <fmt/ranges.h>

#include "nodes/retrieve/requests.h"

namespace ladcast {
namespace {

std::string quoted(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "\"" : ", \"") + word + "\"";
  return text;
}

std::string quoted(const std::vector<int>& numbers, const char* format) {
  std::vector<std::string> words;
  for (const int number : numbers) words.push_back(fmt::format(fmt::runtime(format), number));
  return quoted(words);
}

/// The names are WeatherBench 2's but for one.
std::vector<std::string> names_of(std::vector<std::string> variables) {
  for (auto& name : variables)
    if (name == "geopotential_at_surface") name = "geopotential";
  return variables;
}

std::string request(const std::string& data_set, const std::vector<std::string>& variables,
                    const std::vector<int>& levels, const Dates& dates, const Needs& needs,
                    const std::string& target) {
  std::string text = fmt::format("client.retrieve(\n    \"{}\",\n    {{\n", data_set);
  const auto line = [&text](const char* key, const std::string& list) {
    text += fmt::format("        \"{}\": [{}],\n", key, list);
  };
  line("product_type", "\"reanalysis\"");
  line("variable", quoted(names_of(variables)));
  line("year", quoted({dates.year}, "{}"));
  line("month", quoted({dates.month}, "{:02}"));
  line("day", quoted(dates.days, "{:02}"));
  line("time", quoted(dates.hours, "{:02}:00"));
  if (!levels.empty()) line("pressure_level", quoted(levels, "{}"));
  if (needs.spacing) line("grid", fmt::format("{0}, {0}", *needs.spacing));
  text += "        \"data_format\": \"grib\",\n        \"download_format\": \"unarchived\",\n";
  return text + fmt::format("    }},\n    \"{}\",\n)\n", target);
}

}  // namespace

std::string Targets::next(const std::string& kind, const Dates& dates) {
  const std::string name = fmt::format("era5_{}_{}_{}{:02}", node_, kind, dates.year, dates.month);
  const int number = ++used_[name];
  return number == 1 ? name + ".grib" : fmt::format("{}_{}.grib", name, number);
}

std::string cds_requests(const Needs& needs) {
  const std::string pressure = "reanalysis-era5-pressure-levels";
  const std::string single = "reanalysis-era5-single-levels";
  std::string text;
  Targets targets(needs);
  const auto add = [&](const std::string& data_set, const std::string& kind,
                       const std::vector<std::string>& variables, const std::vector<int>& levels,
                       const std::set<Time>& times) {
    for (const Dates& dates : dates_of(times))
      text += request(data_set, variables, levels, dates, needs, targets.next(kind, dates));
  };
  for (const LevelGroup& group : needs.pressure)
    add(pressure, "pressure", group.variables, group.levels, needs.times);
  if (!needs.surface.empty()) add(single, "surface", needs.surface, {}, needs.times);
  if (needs.precipitation)
    add(single, "precipitation", {"total_precipitation"}, {}, six_hours_before(needs.times));
  return text;
}

}  // namespace ladcast
