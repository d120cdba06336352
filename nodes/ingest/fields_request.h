// What is wanted from a file, whatever its format.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "graph/time.h"
#include "nodes/values/channel.h"
#include "nodes/values/grid.h"

namespace ladcast {

/// Whether a channel is the same at all times: the land-sea mask, the orography.
bool is_static(const Channel& channel);

struct FieldsRequest {
  std::vector<Channel> channels;
  Time init{};
  int lead_hours = 0;
  std::optional<Grid> grid;  // the file must have this one; its own where none is asked for
  std::vector<int> members;  // numbers; all of the file where none are asked for
  std::optional<Grid> reduced_onto = {};  // for maps whose rows have lengths of their own

  /// The one time that is looked for.
  Time valid() const { return init + std::chrono::hours{lead_hours}; }
};

/// Takes out of `channels` those called "2m_temperature", or "geopotential 500" of one level.
/// Throws Error where a name is none of them, and where none is left.
void leave_out(std::vector<Channel>& channels, const std::vector<std::string>& names);

/// Collects what is wrong with each channel, so that one Error tells it all.
class MissingChannels {
 public:
  void add(const Channel& channel, const std::string& reason);

  /// Throws Error "cannot read … from `source`" with every reason and its channels, if there are
  /// any.
  void require_none(std::size_t wanted, const std::string& source) const;

 private:
  std::vector<std::pair<std::string, std::string>> reasons_;  // reason, channels
  std::vector<std::string> variables_;                        // each once
  std::size_t count_ = 0;
};

}  // namespace ladcast
