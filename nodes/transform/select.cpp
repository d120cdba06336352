#include <fmt/format.h>

#include <algorithm>

#include "graph/node.h"
#include "nodes/values/fields_payload.h"

namespace ladcast {
namespace {

template <class T>
bool has(const std::vector<T>& values, const T& value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

class Select final : public Node {
  In<Fields> fields{this, "fields", "any fields"};
  Out<Fields> selected{this, "selected", "the same with some of the channels"};
  Param<std::vector<std::string>> variables{
      this, "variables", "names to keep; all without it",
      ParamOptions<std::vector<std::string>>{.optional = true}};
  Param<std::vector<int>> levels{this, "levels",
                                 "levels to keep, of variables that have levels; all without it",
                                 ParamOptions<std::vector<int>>{.optional = true, .unit = "hPa"}};

  bool keeps(const Channel& channel) const {
    if (variables.has_value() && !has(*variables, channel.name)) return false;
    return !levels.has_value() || !channel.level || has(*levels, *channel.level);
  }

  void shape(Shape& shape) override {
    const Spec& all = shape.in(fields);
    const auto there = channels_of(all);
    const auto report = [&](const ParamBase& param, const std::string& name) {
      shape.error(param, fmt::format("the fields have no {}", name),
                  fmt::format("they have {}", fmt::join(all.channels, ", ")));
    };
    for (const std::string& name :
         variables.has_value() ? *variables : std::vector<std::string>{}) {
      const auto same = [&](const Channel& channel) { return channel.name == name; };
      if (std::none_of(there.begin(), there.end(), same)) report(variables, name);
    }
    for (const int level : levels.has_value() ? *levels : std::vector<int>{}) {
      const auto same = [&](const Channel& channel) { return channel.level == level; };
      if (std::none_of(there.begin(), there.end(), same))
        report(levels, fmt::format("{} hPa", level));
    }
    Spec& some = shape.out(selected);
    some.shape = all.shape;
    some.normalised = all.normalised;
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

  void run(Task& task) const override {
    const Fields& all = task.get(fields);
    std::vector<std::size_t> kept;
    Fields some{all.grid, {}, all.init, all.lead_hours, all.members, all.normalised, {}};
    for (std::size_t c = 0; c < all.channels.size(); ++c) {
      if (!keeps(all.channels[c])) continue;
      kept.push_back(c);
      some.channels.push_back(all.channels[c]);
    }
    some.allocate();
    for (std::size_t member = 0; member < all.members.size(); ++member) {
      for (std::size_t lead = 0; lead < all.lead_hours.size(); ++lead) {
        for (std::size_t c = 0; c < kept.size(); ++c) {
          const auto map = all.map(member, lead, kept[c]);
          std::copy(map.begin(), map.end(), some.map(member, lead, c).begin());
        }
      }
    }
    task.send(selected, std::move(some));
  }
};

LADCAST_NODE(Select, "select", "Keeps some variables and levels of fields.");

}  // namespace
}  // namespace ladcast
