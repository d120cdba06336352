#include "nodes/ingest/grib_fields.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>

#include "graph/error.h"
#include "nodes/ingest/file_format.h"
#include "nodes/ingest/grib_content.h"
#include "nodes/ingest/grib_map.h"
#include "nodes/ingest/matching_files.h"
#include "nodes/ingest/orientation.h"
#include "nodes/ingest/units.h"
#include "nodes/values/variables.h"

namespace ladcast {
namespace {

constexpr const char* kAbsent = "there is no such message";

/// A channel's map for each member, and which message it came from.
struct Found {
  std::vector<float> map;
  std::string message;
  bool direct = true;   // not from an equivalent
  bool at_time = true;  // that was asked for; a static channel may come from another
};

/// Requires: !has_hours_of().
std::string other_sum(const GribMessage& message, const GribContent& content,
                      const Channel& channel) {
  const int hours = find_variable(channel.name)->accumulation_hours;
  return fmt::format("{} is a sum over the steps {} to {} h, not {}", message.name(), content.begin,
                     content.end,
                     hours == kSinceStart ? "since the start" : fmt::format("over {} h", hours));
}

class Search {
 public:
  Search(const std::filesystem::path& path, const FieldsRequest& request, bool with_values)
      : path_(path),
        request_(request),
        with_values_(with_values),
        reasons_(request.channels.size()) {
    for (auto& reason : reasons_) reason = kAbsent;
    for (const Channel& channel : request.channels) sources_.push_back(sources_of(channel));
  }

  void look_at(const GribMessage& message) {
    const auto content = content_of(message);
    if (!content) return;
    for (std::size_t i = 0; i < request_.channels.size(); ++i) {
      for (const ChannelSource& source : sources_[i])
        if (holds(*content, source.channel)) take(message, *content, source, i);
    }
  }

  void require_all() const {
    MissingChannels missing;
    for (std::size_t i = 0; i < request_.channels.size(); ++i) {
      for (const int member : members()) {
        if (found_.contains({member, i})) continue;
        missing.add(request_.channels[i], member == 0 ? reasons_[i] : without_member(member));
      }
    }
    missing.require_none(request_.channels.size(),
                         fmt::format("{} at {}", path_.string(), short_time(request_.valid())));
  }

  /// Requires: with_values.
  Fields fields() const {
    require_all();
    Fields fields{*grid_, request_.channels, request_.init, {request_.lead_hours}, members(), false,
                  {}};
    for (const int member : fields.members) {
      for (std::size_t i = 0; i < request_.channels.size(); ++i) {
        const auto& map = found_.at({member, i}).map;
        fields.values.insert(fields.values.end(), map.begin(), map.end());
      }
    }
    return fields;
  }

 private:
  std::string without_member(int member) const {
    std::string text = fmt::format("member {} is not there", member);
    if (!numbers_.empty())
      text += fmt::format("; there are {} from {} to {}", numbers_.size(), *numbers_.begin(),
                          *numbers_.rbegin());
    return text;
  }

  std::vector<int> members() const {
    if (!request_.members.empty()) return request_.members;
    std::vector<int> members;
    for (const auto& [key, found] : found_) {
      if (members.empty() || members.back() != key.first) members.push_back(key.first);
    }
    if (members.empty()) members.push_back(0);
    return members;
  }

  void take(const GribMessage& message, const GribContent& content, const ChannelSource& source,
            std::size_t index) {
    const Channel& channel = request_.channels[index];
    const bool at_time = message.valid() == request_.valid();
    if (const Time valid = message.valid(); !at_time && !is_static(channel)) {
      if (reasons_[index] == kAbsent) {
        reasons_[index] = fmt::format("it is there at {}", short_time(valid));
      }
      return;
    }
    if (!has_hours_of(content, source.channel)) {
      reasons_[index] = other_sum(message, content, source.channel);
      return;
    }
    const int member = static_cast<int>(message.find_whole("perturbationNumber").value_or(0));
    numbers_.insert(member);
    const auto& wanted = request_.members;
    if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), member) == wanted.end()) return;
    const auto [place, is_new] = found_.try_emplace({member, index});
    if (!is_new && !at_time) return;
    if (!is_new && place->second.at_time && place->second.direct == source.direct) {
      fail("two messages hold {}: {} and {}", to_string(channel), place->second.message,
           message.describe());
    }
    if (!is_new && place->second.at_time && !source.direct) return;
    place->second = {with_values_ ? read_map(message, source) : std::vector<float>{},
                     message.describe(), source.direct, at_time};
  }

  std::vector<float> read_map(const GribMessage& message, const ChannelSource& source) {
    const auto& onto = request_.grid ? request_.grid : request_.reduced_onto;
    auto [grid, map] = ladcast::read_map(message, onto);
    try {
      require_grid(grid, request_.grid ? *request_.grid : grid_.value_or(grid));
    } catch (const Error& error) {
      throw error.in(message.describe());
    }
    if (!grid_) grid_ = request_.grid.value_or(grid);
    const std::string units = message.text("units");
    if (units == "unknown" || units == "~")
      return map;  // a number that ecCodes cannot name: SI units
    const auto conversion = convert_units(units, source.channel.units);
    if (!conversion)
      fail("{} has units '{}', which are not {}", message.name(), units, source.channel.units);
    for (float& value : map) {
      const double converted = double{value} * conversion->factor + conversion->offset;
      value = static_cast<float>(converted * source.factor);
    }
    return map;
  }

  std::filesystem::path path_;
  const FieldsRequest& request_;
  bool with_values_;
  std::vector<std::vector<ChannelSource>> sources_;     // of each channel
  std::vector<std::string> reasons_;                    // why each channel was not found
  std::map<std::pair<int, std::size_t>, Found> found_;  // by member and channel
  std::set<int> numbers_;                               // of the members that are there
  std::optional<Grid> grid_;
};

/// Calls `see` for each message until it returns false.
template <class See>
void for_each_message(const std::filesystem::path& pattern, const See& see) {
  for (const auto& file : matching_files(pattern)) {
    require_format(file, FileFormat::grib);
    GribReader reader(file);
    bool any = false;
    while (const auto message = reader.next()) {
      any = true;
      if (!see(*message)) return;
    }
    if (!any) fail("{} holds no GRIB messages", file.string());
  }
}

Search search_all(const std::filesystem::path& pattern, const FieldsRequest& request,
                  bool with_values) {
  Search search(pattern, request, with_values);
  for_each_message(pattern, [&](const GribMessage& message) {
    search.look_at(message);
    return true;
  });
  return search;
}

bool is_of(const GribMessage& message, const Channel& channel) {
  const auto content = content_of(message);
  if (!content) return false;
  const auto sources = sources_of(channel);
  return std::any_of(sources.begin(), sources.end(),
                     [&](const ChannelSource& source) { return holds(*content, source.channel); });
}

}  // namespace

Fields GribFiles::read(const FieldsRequest& request) const {
  return search_all(pattern_, request, true).fields();
}

void GribFiles::require(const FieldsRequest& request) const {
  search_all(pattern_, request, false).require_all();
}

std::set<Time> GribFiles::times_of(const Channel& channel) const {
  const auto sources = sources_of(channel);
  std::set<Time> times;
  std::string other;
  for_each_message(pattern_, [&](const GribMessage& message) {
    const auto content = content_of(message);
    if (!content) return true;
    for (const ChannelSource& source : sources) {
      if (!holds(*content, source.channel)) continue;
      if (has_hours_of(*content, source.channel))
        times.insert(message.valid());
      else
        other = "; " + other_sum(message, *content, source.channel);
    }
    return true;
  });
  if (times.empty()) fail("{} holds no {}{}", pattern_.string(), to_string(channel), other);
  return times;
}

Grid GribFiles::grid_of(const Channel& channel, const std::optional<Grid>& reduced_onto) const {
  std::optional<Grid> grid;
  for_each_message(pattern_, [&](const GribMessage& message) {
    if (is_of(message, channel)) grid = read_map(message, reduced_onto).grid;
    return !grid;
  });
  if (!grid) fail("{} holds no {}", pattern_.string(), to_string(channel));
  return *grid;
}

}  // namespace ladcast
