// Which channels a node of climates reads.
#pragma once

#include <string>
#include <vector>

#include "nodes/values/model_param.h"
#include "nodes/values/variables.h"

namespace ladcast {

/// Those that are named, or the model's. Requires: one of the two has a value. Throws Error.
inline std::vector<Channel> climate_channels(const Param<std::vector<std::string>>& named,
                                             const Param<Model>& model) {
  if (!named.has_value()) return model->channels;
  std::vector<Channel> channels;
  for (const std::string& text : *named) channels.push_back(parse_channel(text));
  if (channels.empty()) fail("there is no channel to read");
  return channels;
}

}  // namespace ladcast
