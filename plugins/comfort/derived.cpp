#include "plugins/comfort/derived.h"

#include <algorithm>
#include <array>

#include "graph/error.h"

namespace ladcast {
namespace {

void compute(const Fields& fields, const Derived& derived, std::size_t member, std::size_t lead,
             std::span<float> result) {
  std::array<float, 3> values{};
  for (std::size_t point = 0; point < result.size(); ++point) {
    for (std::size_t i = 0; i < derived.from.size(); ++i)
      values[i] = fields.map(member, lead, derived.from[i])[point];
    result[point] = derived.formula(std::span(values).first(derived.from.size()));
  }
}

}  // namespace

int find_channel(const std::vector<Channel>& channels, const Channel& wanted) {
  for (std::size_t i = 0; i < channels.size(); ++i) {
    if (channels[i].name != wanted.name || channels[i].level != wanted.level) continue;
    if (channels[i].units != wanted.units)
      fail("{} is in {}, {} is needed", to_string(wanted), channels[i].units, wanted.units);
    return static_cast<int>(i);
  }
  return -1;
}

std::vector<Channel> derived_channels(const std::vector<Channel>& channels,
                                      const std::vector<Derived>& derived, bool keep) {
  std::vector<Channel> all = keep ? channels : std::vector<Channel>{};
  for (const auto& each : derived) all.push_back(each.channel);
  return all;
}

Fields derive(const Fields& fields, const std::vector<Derived>& derived, bool keep) {
  Fields result{fields.grid,
                derived_channels(fields.channels, derived, keep),
                fields.init,
                fields.lead_hours,
                fields.members,
                false,
                {}};
  result.allocate();
  const std::size_t kept = keep ? fields.channels.size() : 0;
  for (std::size_t m = 0; m < fields.members.size(); ++m) {
    for (std::size_t l = 0; l < fields.lead_hours.size(); ++l) {
      for (std::size_t c = 0; c < kept; ++c) {
        const auto map = fields.map(m, l, c);
        std::copy(map.begin(), map.end(), result.map(m, l, c).begin());
      }
      for (std::size_t d = 0; d < derived.size(); ++d)
        compute(fields, derived[d], m, l, result.map(m, l, kept + d));
    }
  }
  return result;
}

}  // namespace ladcast
