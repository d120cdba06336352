// Heat index of the United States National Weather Service: the regression of Rothfusz (1990,
// Technical Attachment SR 90-23) to the tables of Steadman (1979), with T in degrees Fahrenheit and
// R in percent, as www.wpc.ncep.noaa.gov/html/heatindex_equation.shtml applies it:
//
//   simple = (T + 61 + 1.2 (T - 68) + 0.094 R) / 2, averaged with T; where that is below 80 it is
//   the index. Otherwise the regression, less (13 - R)/4 sqrt((17 - |T - 95|)/17) where R < 13 and
//   80 < T < 112, plus (R - 85)/10 (87 - T)/5 where R > 85 and 80 < T < 87.
//
// Below 40 F, outside of Steadman's tables, it is the temperature. Beyond their hot end, an index
// above some 137 F, the regression extrapolates. Relative humidity from the dew point: Magnus with
// the coefficients of Alduchov and Eskridge (1996).

#include <algorithm>
#include <cmath>

#include "plugins/comfort/derived_node.h"

namespace ladcast {
namespace {

double regression(double t, double r) {
  double index = -42.379 + 2.04901523 * t + 10.14333127 * r - 0.22475541 * t * r -
                 0.00683783 * t * t - 0.05481717 * r * r + 0.00122874 * t * t * r +
                 0.00085282 * t * r * r - 0.00000199 * t * t * r * r;
  if (r < 13 && t > 80 && t < 112) index -= (13 - r) / 4 * std::sqrt((17 - std::abs(t - 95)) / 17);
  if (r > 85 && t > 80 && t < 87) index += (r - 85) / 10 * (87 - t) / 5;
  return index;
}

double index_in_fahrenheit(double t, double r) {
  if (t < 40) return t;
  const double simple = 0.5 * (t + 61 + 1.2 * (t - 68) + 0.094 * r);
  const double mean = 0.5 * (simple + t);
  return mean < 80 ? mean : regression(t, r);
}

float heat_index(float kelvin, double humidity) {
  if (std::isnan(humidity)) return std::nanf("");
  const double t = (kelvin - 273.15) * 1.8 + 32;
  const double index = index_in_fahrenheit(t, std::clamp(humidity, 0.0, 100.0));
  return static_cast<float>((index - 32) / 1.8 + 273.15);
}

double saturation(double kelvin) {
  const double celsius = kelvin - 273.15;
  return std::exp(17.625 * celsius / (celsius + 243.04));
}

float from_humidity(std::span<const float> values) { return heat_index(values[0], values[1]); }
float from_dew_point(std::span<const float> values) {
  return heat_index(values[0], 100 * saturation(values[1]) / saturation(values[0]));
}

class HeatIndex final : public DerivedNode {
  std::vector<Derived> derived_from(const std::vector<Channel>& channels) const override {
    const int t = find_channel(channels, {"2m_temperature", {}, "K"});
    const int dew_point = find_channel(channels, {"2m_dewpoint_temperature", {}, "K"});
    const int humidity = find_channel(channels, {"2m_relative_humidity", {}, "%"});
    if (t < 0) fail("the fields have no 2m_temperature");
    if (dew_point < 0 && humidity < 0)
      fail("the fields have neither 2m_dewpoint_temperature nor 2m_relative_humidity");
    const auto from = static_cast<std::size_t>(humidity < 0 ? dew_point : humidity);
    return {{{"heat_index", {}, "K"},
             {static_cast<std::size_t>(t), from},
             humidity < 0 ? from_dew_point : from_humidity}};
  }
};

LADCAST_NODE(
    HeatIndex, "heat_index",
    "Computes the heat index of the National Weather Service in K from 2m_temperature and "
    "2m_dewpoint_temperature or 2m_relative_humidity (%): the regression of Rothfusz (1990) "
    "with its adjustments, below 80 F the mean of temperature and Steadman's simple formula, "
    "below 40 F the temperature (www.wpc.ncep.noaa.gov/html/heatindex_equation.shtml).");

}  // namespace
}  // namespace ladcast
