#include "nodes/values/fields_payload.h"

#include "nodes/values/variables.h"

namespace ladcast {

void describe_channels(Spec& spec, const std::vector<Channel>& channels) {
  spec.channels.clear();
  for (const auto& channel : channels)
    spec.channels.push_back(fmt::format("{} [{}]", to_string(channel), channel.units));
}

void describe_fields(Spec& spec, const std::vector<Channel>& channels, const Grid& grid,
                     bool normalised, int members, int leads) {
  describe_channels(spec, channels);
  spec.shape = {grid.rows(), grid.columns()};
  spec.coordinates = {grid.latitude, grid.longitude};
  spec.normalised = normalised;
  spec.bytes = sizeof(float) * channels.size() * grid.points() * static_cast<std::size_t>(members) *
               static_cast<std::size_t>(leads);
}

std::vector<Channel> channels_of(const Spec& spec) {
  std::vector<Channel> channels;
  for (const std::string& text : spec.channels) channels.push_back(parse_channel(text));
  return channels;
}

int maps_of_a_channel(const Spec& spec) {
  std::size_t bytes = sizeof(float) * spec.channels.size();
  for (const std::size_t length : spec.shape) bytes *= length;
  return bytes == 0 ? 0 : static_cast<int>(spec.bytes / bytes);
}

}  // namespace ladcast
