#include "nodes/ingest/fields_request.h"

#include <algorithm>

#include "graph/error.h"

namespace ladcast {

void MissingChannels::add(const Channel& channel, const std::string& reason) {
  ++count_;
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
  std::string list;
  for (const auto& [reason, channels] : reasons_) list += "\n  " + channels + ": " + reason;
  fail("cannot read {} of {} channels from {}:{}", count_, wanted, source, list);
}

}  // namespace ladcast
