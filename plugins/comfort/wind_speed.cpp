#include <cmath>

#include "plugins/comfort/derived_node.h"

namespace ladcast {
namespace {

float speed(std::span<const float> wind) { return std::hypot(wind[0], wind[1]); }

class WindSpeed final : public DerivedNode {
  std::vector<Derived> derived_from(const std::vector<Channel>& channels) const override {
    std::vector<Derived> speeds;
    for (std::size_t u = 0; u < channels.size(); ++u) {
      for (const std::string height : {"", "10m_"}) {
        if (channels[u].name != height + "u_component_of_wind") continue;
        Channel channel = channels[u];
        channel.name = height + "v_component_of_wind";
        const int v = find_channel(channels, channel);
        channel.name = height + "wind_speed";
        if (v >= 0) speeds.push_back({channel, {u, static_cast<std::size_t>(v)}, speed});
      }
    }
    if (speeds.empty()) fail("the fields have no wind: both components of one level, or of 10 m");
    return speeds;
  }
};

LADCAST_NODE(WindSpeed, "wind_speed",
             "Computes wind_speed on each level, and 10m_wind_speed, from both components.");

}  // namespace
}  // namespace ladcast
