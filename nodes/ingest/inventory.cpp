#include "nodes/ingest/inventory.h"

#include <algorithm>
#include <map>
#include <optional>

#include "graph/error.h"
#include "nodes/ingest/derive.h"

namespace ladcast {
namespace {

std::string describe_times(const std::set<Time>& times) {
  if (times.empty()) return "no time";
  if (times.size() == 1) return short_time(*times.begin());
  return fmt::format("{} times from {} to {}", times.size(), short_time(*times.begin()),
                     short_time(*times.rbegin()));
}

std::string describe_members(const std::set<int>& members) {
  if (members == std::set{0}) return "";
  return fmt::format(", {} members from {} to {}", members.size(), *members.begin(),
                     *members.rbegin());
}

/// Times, members and grid.
std::string place_of(const Holding& holding) {
  return fmt::format("{}{}, {}", describe_times(holding.times), describe_members(holding.members),
                     holding.grid);
}

/// One line of the table: channels of a variable that have all but the level in common.
struct Line {
  std::string variable;
  std::string rest;
  std::vector<int> levels;
};

/// Lines in the order of their first channel.
class Table {
 public:
  void add(const Channel& channel, const std::string& rest) {
    ++count_;
    auto same = std::find_if(lines_.begin(), lines_.end(), [&](const Line& line) {
      return line.variable == channel.name && line.rest == rest;
    });
    if (same == lines_.end()) same = lines_.insert(same, {channel.name, rest, {}});
    if (channel.level) same->levels.push_back(*channel.level);
  }
  std::size_t count() const { return count_; }
  std::string text() const {
    std::string text;
    for (const auto& [variable, rest, levels] : lines_) {
      const std::string where =
          levels.empty() ? "" : fmt::format(" {} hPa", fmt::join(levels, " "));
      text += fmt::format("  {}{}{}{}\n", variable, where, rest.empty() ? "" : ": ", rest);
    }
    return text;
  }

 private:
  std::vector<Line> lines_;
  std::size_t count_ = 0;
};

/// The first way to make `channel` of what is there.
std::optional<std::string> way_to_derive(const Channel& channel, const FindHolding& find) {
  for (const std::string& text : recipes_that_make(channel.name)) {
    const std::vector<Recipe> recipe = {parse_recipe(text)};
    try {
      const auto requests = requests_for({{channel}, {}, 0, {}, {}}, recipe);
      for (const Channel& input : requests[0].channels) find(input);
      return text;
    } catch (const Error&) {
    }
  }
  return {};
}

}  // namespace

std::string describe_holdings(const Model& model, const FindHolding& find) {
  std::vector<std::pair<Channel, Holding>> there;
  Table derived, missing;
  for (const Channel& channel : model.channels) {
    try {
      there.emplace_back(channel, find(channel));
    } catch (const Error& error) {
      const auto way = way_to_derive(channel, find);
      if (way) {
        derived.add(channel, fmt::format("derive = [\"{}\"]", *way));
      } else {
        missing.add(channel, error.what());
      }
    }
  }
  std::set<std::string> places;
  for (const auto& [channel, holding] : there) places.insert(place_of(holding));
  Table found;
  for (const auto& [channel, holding] : there) {
    std::string rest = places.size() > 1 ? place_of(holding) : "";
    if (holding.read_from != channel.name)
      rest = fmt::format("from {}{}{}", holding.read_from, rest.empty() ? "" : ", ", rest);
    found.add(channel, rest);
  }
  std::string text = fmt::format("Of the {} channels of {}\n", model.channels.size(), model.name);
  if (found.count() > 0)
    text += fmt::format("{} there{}:\n{}", found.count(),
                        places.size() == 1 ? ", " + *places.begin() : "", found.text());
  if (derived.count() > 0)
    text += fmt::format("{} to be derived:\n{}", derived.count(), derived.text());
  if (missing.count() > 0) text += fmt::format("{} missing:\n{}", missing.count(), missing.text());
  return text;
}

}  // namespace ladcast
