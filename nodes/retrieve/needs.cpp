#include "nodes/retrieve/needs.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "nodes/ingest/derive.h"
#include "nodes/values/model_param.h"
#include "nodes/values/variables.h"

namespace ladcast {
namespace {

constexpr std::array kLevels = {1,   2,   3,   5,   7,   10,  20,  30,  50,  70,  100, 125, 150,
                                175, 200, 225, 250, 300, 350, 400, 450, 500, 550, 600, 650, 700,
                                750, 775, 800, 825, 850, 875, 900, 925, 950, 975, 1000};
constexpr std::array kNotInEra5 = {"geopotential_height", "geometric_vertical_velocity",
                                   "pressure_reduced_to_mean_sea_level"};
constexpr const char* kHourlySums = "total_precipitation_6hr from hourly sums";

/// Null where the stage has no such parameter of this type.
template <class T>
const Param<T>* find_param(const Stage& stage, const std::string& name) {
  for (const ParamBase* param : stage.params())
    if (param->name() == name) return dynamic_cast<const Param<T>*>(param);
  return nullptr;
}

using Texts = std::vector<std::string>;

/// The parameters that a node has which reads fields.
struct Reader {
  const Param<std::string>* at;
  const Param<std::string>* grid;
  const Param<Model>* model;
  const Param<Texts>* channels;
  const Param<Texts>* without;
  const Param<Texts>* derive;
};

std::optional<Reader> reader_of(const GraphNode& node) {
  const Stage& stage = *node.stage;
  const Reader reader{find_param<std::string>(stage, "at"), find_param<std::string>(stage, "grid"),
                      find_param<Model>(stage, "model"),    find_param<Texts>(stage, "channels"),
                      find_param<Texts>(stage, "without"),  find_param<Texts>(stage, "derive")};
  if (!reader.at || !reader.grid || !reader.model || !reader.channels || !reader.without ||
      !reader.derive)
    return {};
  return reader;
}

bool reads_leads(const Reader& reader) { return **reader.at == "lead"; }

std::vector<Channel> channels_read(const Reader& reader) {
  std::vector<Channel> wanted;
  if (reader.channels->has_value()) {
    for (const auto& text : **reader.channels) wanted.push_back(parse_channel(text));
  } else if (reader.model->has_value()) {
    wanted = (*reader.model)->channels;
  } else {
    fail("neither model nor channels say what to read");
  }
  leave_out(wanted, **reader.without);
  std::vector<Recipe> recipes;
  for (const auto& text : **reader.derive) recipes.push_back(parse_recipe(text));
  return requests_for({wanted, {}, 0, {}, {}}, recipes).front().channels;
}

void add_level(Needs& needs, const std::string& variable, int level,
               std::map<std::string, std::set<int>>& levels) {
  if (std::find(kLevels.begin(), kLevels.end(), level) == kLevels.end())
    fail("ERA5 has no {} at {} hPa", variable, level);
  if (levels[variable].empty()) needs.pressure.push_back({{variable}, {}});
  levels[variable].insert(level);
}

/// Joins variables that are wanted on the same levels.
std::vector<LevelGroup> group(const std::vector<LevelGroup>& variables,
                              const std::map<std::string, std::set<int>>& levels) {
  std::vector<LevelGroup> groups;
  for (const auto& each : variables) {
    const std::string& name = each.variables.front();
    const std::vector<int> wanted(levels.at(name).begin(), levels.at(name).end());
    const auto same = std::find_if(groups.begin(), groups.end(),
                                   [&](const LevelGroup& g) { return g.levels == wanted; });
    if (same == groups.end())
      groups.push_back({{name}, wanted});
    else
      same->variables.push_back(name);
  }
  return groups;
}

void add_channels(Needs& needs, const std::vector<Channel>& channels) {
  std::map<std::string, std::set<int>> levels;
  for (const Channel& channel : channels) {
    const Variable* variable = find_variable(channel.name);
    if (!variable || channel.statistic ||
        std::find(kNotInEra5.begin(), kNotInEra5.end(), channel.name) != kNotInEra5.end())
      fail("ERA5 has no {}", to_string(channel));
    if (variable->accumulation_hours != 0)
      needs.precipitation = true;
    else if (channel.level)
      add_level(needs, channel.name, *channel.level, levels);
    else
      needs.surface.push_back(channel.name);
  }
  needs.pressure = group(needs.pressure, levels);
}

/// Degrees between the rows of a global grid with the poles, such as ERA5 can be had on.
std::optional<double> spacing_of(const Grid& grid) {
  const auto &rows = grid.latitude, &columns = grid.longitude;
  if (rows.size() < 2 || rows.front() != -90 || rows.back() != 90 || columns.front() != 0)
    return {};
  const double step = 180.0 / static_cast<double>(rows.size() - 1);
  const auto regular = [step](const std::vector<double>& axis) {
    for (std::size_t i = 0; i < axis.size(); ++i)
      if (std::abs(axis[i] - axis[0] - step * static_cast<double>(i)) > 1e-6) return false;
    return true;
  };
  if (!regular(rows) || !regular(columns)) return {};
  return std::abs(step * static_cast<double>(columns.size()) - 360) < 1e-6 ? std::optional(step)
                                                                           : std::nullopt;
}

std::set<Time> times_of(const Plan& plan, const Reader& reader) {
  std::set<Time> times;
  for (const Time init : plan.inits)
    for (int lead = reads_leads(reader) ? 1 : 0; lead <= (reads_leads(reader) ? plan.leads : 0);
         ++lead)
      times.insert(init + std::chrono::hours(plan.lead_hours(lead)));
  for (const Time time : times) {
    if (time.time_since_epoch() % std::chrono::hours(1) != std::chrono::seconds(0))
      fail("ERA5 is hourly, and has no {}", short_time(time));
    if (time < parse_time("1940-01-01"))
      fail("ERA5 begins in 1940, and has no {}", short_time(time));
  }
  return times;
}

Needs needs_of(const Plan& plan, const GraphNode& node, const Reader& reader) {
  try {
    Needs needs{{node.name}, times_of(plan, reader), {}, {}};
    add_channels(needs, channels_read(reader));
    const Texts& derive = **reader.derive;
    needs.sums_precipitation = std::find(derive.begin(), derive.end(), kHourlySums) != derive.end();
    if (**reader.grid == "model" && reader.model->has_value()) {
      needs.spacing = spacing_of((*reader.model)->grid);
      needs.has_grid_of_its_own = !needs.spacing;
    }
    return needs;
  } catch (const Error& error) {
    throw error.in("node '" + node.name + "'");
  }
}

bool same_fields(const Needs& a, const Needs& b) {
  return a.pressure == b.pressure && a.surface == b.surface && a.precipitation == b.precipitation &&
         a.spacing == b.spacing;
}

}  // namespace

std::vector<Needs> needs_of(const Graph& graph, bool leads) {
  std::vector<Needs> all;
  for (const auto& node : graph.nodes) {
    const auto reader = reader_of(node);
    if (!reader || (reads_leads(*reader) && !leads)) continue;
    Needs needs = needs_of(graph.plan, node, *reader);
    if (needs.times.empty()) continue;  // a plan without leads
    const auto same =
        std::find_if(all.begin(), all.end(), [&](const Needs& n) { return same_fields(n, needs); });
    if (same == all.end()) {
      all.push_back(std::move(needs));
      continue;
    }
    same->nodes.push_back(node.name);
    same->times.insert(needs.times.begin(), needs.times.end());
    same->sums_precipitation = same->sums_precipitation && needs.sums_precipitation;
  }
  if (all.empty())
    fail("no node of {} reads the fields of {}", graph.file,
         leads ? "initial times or leads" : "initial times");
  return all;
}

std::vector<std::string> lead_readers(const Graph& graph) {
  std::vector<std::string> names;
  for (const auto& node : graph.nodes)
    if (const auto reader = reader_of(node); reader && reads_leads(*reader))
      names.push_back(node.name);
  return names;
}

std::vector<Dates> dates_of(const std::set<Time>& times) {
  std::map<std::chrono::sys_days, std::vector<int>> hours;
  for (const Time time : times) {
    const auto day = std::chrono::floor<std::chrono::days>(time);
    hours[day].push_back(static_cast<int>((time - day) / std::chrono::hours(1)));
  }
  std::map<std::tuple<int, unsigned, std::vector<int>>, std::vector<int>> days;
  for (const auto& [day, of_day] : hours) {
    const std::chrono::year_month_day date(day);
    days[{static_cast<int>(date.year()), static_cast<unsigned>(date.month()), of_day}].push_back(
        static_cast<int>(static_cast<unsigned>(date.day())));
  }
  std::vector<Dates> all;
  for (const auto& [key, list] : days)
    all.push_back({std::get<0>(key), static_cast<int>(std::get<1>(key)), list, std::get<2>(key)});
  return all;
}

std::set<Time> six_hours_before(const std::set<Time>& times) {
  std::set<Time> ends;
  for (const Time time : times)
    for (int back = 0; back < 6; ++back) ends.insert(time - std::chrono::hours(back));
  return ends;
}

}  // namespace ladcast
