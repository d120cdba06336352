// Wind chill index of Environment Canada and the United States National Weather Service, in use
// since November 2001 (Osczevski and Bluestein 2005, doi:10.1175/BAMS-86-10-1453):
//
//   W = 13.12 + 0.6215 T - 11.37 V^0.16 + 0.3965 T V^0.16
//
// with T at 2 m in degrees Celsius and V at 10 m in km/h. It is defined up to 10 degrees and from
// 4.8 km/h (50 F, 3 mph); beyond, the air feels as warm as it is.

#include <algorithm>
#include <cmath>

#include "plugins/comfort/derived_node.h"

namespace ladcast {
namespace {

constexpr float kZeroCelsius = 273.15F;

float chill(float kelvin, float metres_per_second) {
  const float t = kelvin - kZeroCelsius, v = 3.6F * metres_per_second;
  if (!(t <= 10.0F) || v < 4.8F) return std::isnan(v) ? v : kelvin;
  const float power = std::pow(v, 0.16F);
  const float index = 13.12F + 0.6215F * t - 11.37F * power + 0.3965F * t * power;
  return std::min(index, t) + kZeroCelsius;
}

float from_speed(std::span<const float> values) { return chill(values[0], values[1]); }
float from_components(std::span<const float> values) {
  return chill(values[0], std::hypot(values[1], values[2]));
}

class WindChill final : public DerivedNode {
  std::vector<Derived> derived_from(const std::vector<Channel>& channels) const override {
    const int t = find_channel(channels, {"2m_temperature", {}, "K"});
    const int u = find_channel(channels, {"10m_u_component_of_wind", {}, "m s-1"});
    const int v = find_channel(channels, {"10m_v_component_of_wind", {}, "m s-1"});
    const int speed = find_channel(channels, {"10m_wind_speed", {}, "m s-1"});
    if (t < 0) fail("the fields have no 2m_temperature");
    if (speed < 0 && (u < 0 || v < 0))
      fail("the fields have neither 10m_wind_speed nor both components of the wind at 10 m");
    const Channel result{"wind_chill", {}, "K"};
    const auto at = [](int position) { return static_cast<std::size_t>(position); };
    if (speed >= 0) return {{result, {at(t), at(speed)}, from_speed}};
    return {{result, {at(t), at(u), at(v)}, from_components}};
  }
};

LADCAST_NODE(
    WindChill, "wind_chill",
    "Computes the wind chill index of Environment Canada and the National Weather Service "
    "(2001) in K from 2m_temperature and the wind at 10 m: 13.12 + 0.6215 T - 11.37 V^0.16 "
    "+ 0.3965 T V^0.16 in degrees Celsius and km/h. Above 10 degrees or below 4.8 km/h it "
    "is the temperature.");

}  // namespace
}  // namespace ladcast
