// Weights of latitude rows in spatial means.
#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace ladcast {

enum class LatitudeWeighting {
  area,  // of the cells between midpoints; the outer rows reach half a spacing further, at most to
         // a pole (WeatherBench-X). A row that is missing at a pole leaves the others as they were.
  wb2,   // the same, but the outer rows reach to the poles (WeatherBench 2)
  cos    // cosine of latitude (WMO, LaDCast)
};

/// One weight for each row, of mean 1. `latitude`: degrees, ascending, not empty.
std::vector<double> latitude_weights(std::span<const double> latitude, LatitudeWeighting weighting);

/// "area", "wb2" or "cos". Throws Error for another name.
LatitudeWeighting parse_latitude_weighting(std::string_view name);

}  // namespace ladcast
