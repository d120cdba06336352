#include "graph/plan.h"

#include <fmt/format.h>

#include <algorithm>

#include "graph/text.h"

namespace ladcast {

int Plan::largest_batch() const {
  std::size_t largest = 0;
  for (const auto& batch : batches) largest = std::max(largest, batch.size());
  return static_cast<int>(largest);
}

int Plan::members() const {
  std::size_t count = 0;
  for (const auto& batch : batches) count += batch.size();
  return static_cast<int>(count);
}

int Plan::extent(const Axes& axes, Axis axis) const {
  switch (axis) {
    case Axis::item:
      return axes.item ? items() : 1;
    case Axis::lead:
      return axes.leads.empty() ? 1 : axes.leads.count;
    case Axis::member:
      return axes.batch ? batch_count() : 1;
  }
  return 1;
}

std::int64_t Plan::count(const Axes& axes) const {
  return std::int64_t{1} * extent(axes, Axis::item) * extent(axes, Axis::lead) *
         extent(axes, Axis::member);
}

std::vector<Key> Plan::keys(const Axes& axes) const {
  std::vector<Key> keys(static_cast<std::size_t>(count(axes)));
  for (std::size_t i = 0; i < keys.size(); ++i)
    keys[i] = key_at(static_cast<std::int64_t>(i), axes);
  return keys;
}

std::int64_t Plan::index_of(const Key& key, const Axes& axes) const {
  const std::int64_t item = axes.item ? key.item : 0;
  const std::int64_t lead =
      axes.leads.empty() ? 0 : (key.lead - axes.leads.first) / axes.leads.stride;
  return (item * extent(axes, Axis::lead) + lead) * extent(axes, Axis::member) +
         (axes.batch ? key.batch : 0);
}

Key Plan::key_at(std::int64_t index, const Axes& axes) const {
  const std::int64_t in_lead = extent(axes, Axis::member), in_item = extent(axes, Axis::lead);
  const auto lead = static_cast<int>(index / in_lead % in_item);
  return {static_cast<int>(index / in_lead / in_item), axes.leads.empty() ? 0 : axes.leads.at(lead),
          static_cast<int>(index % in_lead)};
}

std::string Plan::item_name(int item) const {
  if (iterations > 0) return fmt::format("iteration {}", item + 1);
  return "init " + short_time(inits[static_cast<std::size_t>(item)]);
}

std::string Plan::count_items(std::int64_t count) const {
  return format_count(count, iterations > 0 ? "iteration" : "initial time");
}

std::string Plan::describe(const Key& key, const Axes& axes) const {
  std::string text;
  const auto add = [&text](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
  if (axes.item && key.item < items()) add(item_name(key.item));
  if (axes.batch && key.batch < batch_count()) {
    const auto& members = batches[static_cast<std::size_t>(key.batch)];
    add((members.size() > 1 ? "members " : "member ") + format_members(members));
  }
  if (!axes.leads.empty()) add(fmt::format("lead {} h", lead_hours(key.lead)));
  return text.empty() ? "the whole run" : text;
}

std::string Plan::describe_json(const Key& key, const Axes& axes) const {
  std::string text;
  const auto add = [&text](const char* name, const std::string& value) {
    text += fmt::format("{}\"{}\": {}", text.empty() ? "" : ", ", name, value);
  };
  if (axes.item && iterations > 0)
    add("iteration", fmt::format("{}", key.item + 1));
  else if (axes.item)
    add("init", '"' + short_time(inits[static_cast<std::size_t>(key.item)]) + '"');
  if (axes.batch)
    add("members", '"' + format_members(batches[static_cast<std::size_t>(key.batch)]) + '"');
  if (!axes.leads.empty()) add("lead_hours", fmt::format("{}", lead_hours(key.lead)));
  return text;
}

std::string format_members(const std::vector<int>& members) {
  std::string text;
  for (std::size_t i = 0; i < members.size();) {
    std::size_t end = i + 1;
    while (end < members.size() && members[end] == members[end - 1] + 1) ++end;
    if (!text.empty()) text += ", ";
    text += end - i > 1 ? fmt::format("{}-{}", members[i], members[end - 1])
                        : fmt::format("{}", members[i]);
    i = end;
  }
  return text;
}

}  // namespace ladcast
