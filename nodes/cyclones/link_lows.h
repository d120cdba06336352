// Lows of successive times linked to tracks.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "nodes/cyclones/closed_contour.h"
#include "nodes/values/tracks.h"

namespace ladcast {

struct LinkRules {
  double range = 8.0;      // degrees of the great circle from one point to the next
  int max_gap_hours = 24;  // between two points of a track
};

/// Which tracks are those of tropical cyclones (TempestExtremes' StitchNodes).
struct LifeRules {
  int min_hours = 54;          // from the first point to the last
  int min_points = 10;         // that have both of the following
  double min_wind = 10.0;      // m s-1; 0 where winds do not matter
  double max_latitude = 50.0;  // of either hemisphere
};

/// The tracks of one member. A cyclone is expected where its motion over the last 12 hours takes
/// it; pairs of cyclones and lows are linked from the nearest on, a low without a warm core
/// counting as two degrees further away. A low is linked if it is within `range` of the last point,
/// and of the expected place within half of it, after 12 hours all of it.
class LowLinker {
 public:
  explicit LowLinker(const LinkRules& rules) : rules_(rules) {}

  /// A storm to be followed from where it is at lead 0; `before` is where it was `hours_before`.
  void follow(const std::string& storm, const LatLon& start, const std::optional<LatLon>& before,
              int hours_before);

  /// The lows of the next lead. Those that continue no track begin one if `new_tracks`.
  /// Requires: leads grow.
  void add(int lead_hours, std::span<const Low> lows, bool new_tracks);

  /// All tracks so far; those that began with a low are numbered from 1 in order.
  std::vector<Track> tracks(int member) const;

 private:
  struct Open {
    std::string storm;
    std::vector<TrackPoint> points;  // those found
    std::vector<TrackPoint> way;     // with what is known from before
  };
  struct Pair {
    double cost;
    std::size_t track, low;
  };
  static LatLon expected(const Open& track, int lead_hours);
  std::vector<Pair> pairs(int lead_hours, std::span<const Low> lows) const;

  LinkRules rules_;
  std::vector<Open> open_;
};

/// Those that satisfy the rules.
std::vector<Track> tropical_cyclones(std::vector<Track> tracks, const LifeRules& rules);

}  // namespace ladcast
