// Lows of mean sea level pressure in one map, after TempestExtremes' DetectNodes (Ullrich et al.,
// Geosci. Model Dev. 14, 2021).
#pragma once

#include <span>
#include <vector>

#include "nodes/cyclones/sphere_points.h"
#include "nodes/values/grid.h"
#include "nodes/values/tracks.h"

namespace ladcast {

/// Distances are degrees of the great circle; none counts as less than so many steps of the grid
/// that it says something: one and a half to look around a point, two to find a contour closed.
struct ContourRules {
  double msl_rise = 200.0;          // Pa
  double msl_distance = 5.5;        // within which msl rises so much all around
  double thickness_fall = 58.8;     // m2 s-2, of the geopotential at 300 hPa less that at 500 hPa
  double thickness_distance = 6.5;  // within which the thickness falls so much all around
  double thickness_search = 1.0;    // from the lowest msl to the greatest thickness
  double merge_distance = 6.0;      // see LowFinder::find
  double wind_distance = 2.0;       // within which the strongest wind is looked for
};

/// Maps of one time in physical units; empty where there is none. NaN is missing.
struct CycloneMaps {
  std::span<const float> msl;                                 // Pa
  std::span<const float> geopotential_300, geopotential_500;  // m2 s-2
  std::span<const float> wind_u, wind_v;                      // 10 m, m s-1
};

struct Low {
  LatLon position;         // lowest point of a paraboloid through the points around the lowest one
  double msl = 0.0;        // Pa, of the lowest point
  double depth = 0.0;      // Pa: how far msl rises all around within msl_distance
  bool warm_core = false;  // false where the geopotential is not there
  double wind = 0.0;       // m s-1; NaN without wind
};

/// Thread-safe.
class LowFinder {
 public:
  /// Throws Error where the grid is too small.
  LowFinder(const Grid& grid, const ContourRules& rules);

  /// All minima of msl whose contour is closed, in the order of the grid; one that leaves the grid
  /// or touches a missing value is not. Of two that are nearer than merge_distance the deeper one
  /// stays; one without a warm core displaces none that has it.
  std::vector<Low> find(const CycloneMaps& maps) const;

 private:
  bool is_minimum(std::span<const float> msl, std::size_t point,
                  std::vector<std::size_t>& around) const;
  bool has_warm_core(std::span<const float> thinness, std::size_t point) const;
  double strongest_wind(const CycloneMaps& maps, std::size_t point) const;
  LatLon lowest_point(std::span<const float> msl, std::size_t point) const;

  SpherePoints points_;
  ContourRules rules_;
};

/// How far `map` rises from `from` along every way that leads more than `degrees` away: the least,
/// over all ways, of the greatest rise before the limit. So it is at least d exactly where the
/// breadth first search of DetectNodes finds a contour of d closed. 0 where `from` is missing.
double closed_rise(const SpherePoints& points, std::span<const float> map, std::size_t from,
                   double degrees);

}  // namespace ladcast
