#include "nodes/ingest/fields_request.h"

#include <algorithm>

#include "graph/error.h"
#include "nodes/ingest/derive.h"
#include "nodes/values/variables.h"

namespace ladcast {

bool is_static(const Channel& channel) {
  const Variable* variable = find_variable(channel.name);  // variables() has the static ones last
  return variable != nullptr && variable >= find_variable("land_sea_mask");
}

void leave_out(std::vector<Channel>& channels, const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    const Variable* variable = find_variable(name);
    const auto count = std::erase_if(channels, [&](const Channel& channel) {
      return variable ? channel.name == variable->name
                      : to_string(channel) == to_string(parse_channel(name));
    });
    if (count == 0) fail("without names '{}', which is none of the channels that are read", name);
  }
  if (channels.empty()) fail("without leaves no channel to read");
}

void MissingChannels::add(const Channel& channel, const std::string& reason) {
  ++count_;
  if (std::find(variables_.begin(), variables_.end(), channel.name) == variables_.end())
    variables_.push_back(channel.name);
  const auto same = std::find_if(reasons_.begin(), reasons_.end(),
                                 [&](const auto& known) { return known.first == reason; });
  if (same == reasons_.end()) {
    reasons_.emplace_back(reason, to_string(channel));
  } else {
    same->second += ", " + to_string(channel);
  }
}

void MissingChannels::require_none(std::size_t wanted, const std::string& source) const {
  if (reasons_.empty()) return;
  if (count_ == wanted && reasons_.size() == 1 && wanted > 1)
    fail("cannot read {}, for all channels: {}", source, reasons_.front().first);
  std::string list;
  for (const auto& [reason, channels] : reasons_) list += "\n  " + channels + ": " + reason;
  std::vector<std::string> makeable;
  for (const std::string& variable : variables_)
    for (const std::string& recipe : recipes_that_make(variable)) {
      list += fmt::format("\n  derive = [\"{}\"] may make it", recipe);
      if (makeable.empty() || makeable.back() != variable) makeable.push_back(variable);
    }
  if (!makeable.empty())
    list += fmt::format("\n  without = [\"{}\"] leaves it to another reader, and 'merge' adds it",
                        fmt::join(makeable, "\", \""));
  fail("cannot read {} of {} channels from {}:{}", count_, wanted, source, list);
}

}  // namespace ladcast
