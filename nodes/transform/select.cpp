#include <fmt/format.h>

#include <algorithm>

#include "graph/diagnostics.h"
#include "graph/node.h"
#include "nodes/values/fields_payload.h"
#include "nodes/values/region.h"
#include "nodes/values/regrid.h"

namespace ladcast {
namespace {

template <class T>
bool has(const std::vector<T>& values, const T& value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

class Select final : public Node {
  In<Fields> fields{this, "fields", "any fields"};
  Out<Fields> selected{this, "selected", "a part of them"};
  Param<std::vector<std::string>> variables{
      this, "variables", "names to keep; all without it",
      ParamOptions<std::vector<std::string>>{.optional = true}};
  Param<std::vector<int>> levels{this, "levels",
                                 "levels to keep, of variables that have levels; all without it",
                                 ParamOptions<std::vector<int>>{.optional = true, .unit = "hPa"}};
  Param<std::vector<int>> leads{this, "leads",
                                "leads to keep, evenly apart, as [24, 48, 72]; all without it",
                                ParamOptions<std::vector<int>>{.optional = true, .unit = "h"}};
  Param<std::vector<double>> region{
      this, "region",
      "[north, west, south, east]: rows and columns whose centres are inside are kept; all "
      "without it",
      ParamOptions<std::vector<double>>{.optional = true, .unit = "degrees"}};

  Leads leads_;  // to keep; empty where the fields have none
  Grid grid_;    // of the fields; empty where all of it is kept
  PartOfGrid part_;

  bool keeps(const Channel& channel) const {
    if (variables.has_value() && !has(*variables, channel.name)) return false;
    return !levels.has_value() || !channel.level || has(*levels, *channel.level);
  }

  void shape(Shape& shape) override {
    const Spec& all = shape.in(fields);
    Spec& some = shape.out(selected);
    const Axes axes = some.axes;
    some = all;
    some.axes = axes;
    some.history.clear();
    select_channels(shape, all, some);
    leads_ = all.axes.leads;
    if (leads.has_value()) select_leads(shape, all);
    some.axes.leads = leads_;
    if (region.has_value()) select_region(shape, all, some);
  }

  /// Reports each variable and level that is not there.
  bool has_all(Shape& shape, const std::vector<Channel>& there) const {
    std::vector<std::string> names;
    std::vector<int> pressures;
    for (const Channel& channel : there) {
      if (!has(names, channel.name)) names.push_back(channel.name);
      if (channel.level && !has(pressures, *channel.level)) pressures.push_back(*channel.level);
    }
    bool all = true;
    const auto report = [&](const ParamBase& param, const std::string& what,
                            const std::string& cure) {
      shape.error(param, "the fields have no " + what, cure);
      all = false;
    };
    if (variables.has_value())
      for (const std::string& name : *variables) {
        if (has(names, name)) continue;
        const std::string guess = did_you_mean(name, names);
        report(variables, name, guess.empty() ? "they have " + join(names) : guess);
      }
    if (levels.has_value())
      for (const int level : *levels)
        if (!has(pressures, level))
          report(levels, fmt::format("{} hPa", level),
                 pressures.empty() ? "they are on no levels"
                                   : fmt::format("they have {} hPa", fmt::join(pressures, ", ")));
    return all;
  }

  void select_channels(Shape& shape, const Spec& all, Spec& some) const {
    const auto there = channels_of(all);
    if (!has_all(shape, there)) return;
    some.channels.clear();
    for (std::size_t i = 0; i < there.size(); ++i) {
      if (keeps(there[i])) some.channels.push_back(all.channels[i]);
    }
    if (some.channels.empty()) {
      shape.error(fields, "no channel is both among the variables and on the levels",
                  fmt::format("the fields have {}", fmt::join(all.channels, ", ")));
      return;
    }
    some.bytes = all.bytes / there.size() * some.channels.size();
  }

  /// Leads are an arithmetic sequence on each edge, so only such a part can be kept.
  void select_leads(Shape& shape, const Spec& all) {
    const Plan& run = shape.plan();
    const Leads& there = all.axes.leads;
    if (there.empty()) {
      shape.error(leads, "the fields have no leads", "leave 'leads' out");
      return;
    }
    if (maps_of_a_channel(all) > (all.axes.batch ? run.largest_batch() : 1)) {
      shape.error(leads, "a message of these fields holds several leads or members",
                  "leave 'leads' out");
      return;
    }
    std::vector<int> hours = *leads;
    std::sort(hours.begin(), hours.end());
    hours.erase(std::unique(hours.begin(), hours.end()), hours.end());
    if (hours.empty()) {
      shape.error(leads, "no lead is kept", "name some, as leads = [24, 48, 72]");
      return;
    }
    for (const int lead : hours) {
      if (lead % run.step_hours == 0 && there.contains(lead / run.step_hours)) continue;
      shape.error(
          leads, fmt::format("the fields have no lead of {} h", lead),
          fmt::format("they have {} to {} h, every {} h", run.lead_hours(there.first),
                      run.lead_hours(there.at(there.count - 1)), run.lead_hours(there.stride)));
      return;
    }
    const int apart = hours.size() > 1 ? hours[1] - hours[0] : run.lead_hours(there.stride);
    for (std::size_t i = 1; i < hours.size(); ++i) {
      if (hours[i] - hours[i - 1] == apart) continue;
      shape.error(leads, fmt::format("the leads {} h are not evenly apart", fmt::join(hours, ", ")),
                  "keep a part that is, as [24, 48, 72], and the others with a second 'select'");
      return;
    }
    leads_ = {hours[0] / run.step_hours, apart / run.step_hours, static_cast<int>(hours.size())};
  }

  void select_region(Shape& shape, const Spec& all, Spec& some) {
    if (all.coordinates.size() != 2) {
      shape.error(region, "the grid of these fields is not known before the run",
                  "select the region before the node that they come from");
      return;
    }
    grid_ = {all.coordinates[0], all.coordinates[1]};
    try {
      part_ = part_of(grid_, parse_region(*region));
    } catch (const Error& error) {
      shape.error(region, error.what(), "write region = [72, -12, 34, 30] for Europe");
      return;
    }
    some.shape = {part_.grid.rows(), part_.grid.columns()};
    some.coordinates = {part_.grid.latitude, part_.grid.longitude};
    some.bytes = some.bytes / grid_.points() * part_.grid.points();
  }

  void copy(std::span<const float> from, std::span<float> to) const {
    if (!region.has_value()) {
      std::copy(from.begin(), from.end(), to.begin());
      return;
    }
    auto next = to.begin();
    for (const std::size_t row : part_.rows)
      for (const std::size_t column : part_.columns) *next++ = from[row * grid_.columns() + column];
  }

  void run(Task& task) const override {
    const int lead = task.key().lead;
    if (!leads_.empty() && !leads_.contains(lead)) return;
    const Fields& all = task.get(fields);
    if (region.has_value() && !all.members.empty() && !same_grid(all.grid, grid_))
      fail("the fields are on another grid than the first of them");
    std::vector<std::size_t> kept;
    Fields some{region.has_value() ? part_.grid : all.grid,
                {},
                all.init,
                all.lead_hours,
                all.members,
                all.normalised,
                {}};
    for (std::size_t c = 0; c < all.channels.size(); ++c) {
      if (!keeps(all.channels[c])) continue;
      kept.push_back(c);
      some.channels.push_back(all.channels[c]);
    }
    some.allocate();
    for (std::size_t member = 0; member < all.members.size(); ++member)
      for (std::size_t l = 0; l < all.lead_hours.size(); ++l)
        for (std::size_t c = 0; c < kept.size(); ++c)
          copy(all.map(member, l, kept[c]), some.map(member, l, c));
    task.send(selected, std::move(some), lead);
  }
};

LADCAST_NODE(Select, "select", "Keeps some variables, levels and leads of fields, and a region.");

}  // namespace
}  // namespace ladcast
