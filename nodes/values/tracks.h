// Tracks of cyclones: where each was in each member, lead by lead.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "graph/payload.h"
#include "graph/time.h"

namespace ladcast {

/// A place on the globe in degrees; longitudes from 0 to below 360.
struct LatLon {
  double latitude = 0.0;
  double longitude = 0.0;

  bool operator==(const LatLon&) const = default;
};

struct TrackPoint {
  int lead_hours = 0;
  LatLon position;
  double msl = 0.0;   // Pa, the lowest of the centre; NaN where it is not known
  double wind = 0.0;  // m s-1, the strongest 10 m wind around it; NaN where it is not known
};

/// One cyclone in one member; `points` by lead, without those where it was not found.
struct Track {
  std::string storm;  // id of the best track that was followed, or a number where none was
  int member = 0;     // as in Fields
  std::vector<TrackPoint> points;
};

/// The tracks of a batch of members from one initial time. A storm that was looked for and never
/// found has a track without points.
struct Tracks {
  Time init{};
  std::vector<int> lead_hours;  // that were looked at
  std::vector<int> members;
  std::vector<Track> tracks;
};

template <>
struct PayloadTraits<Tracks> {
  static constexpr const char* name = "Tracks";
  static std::size_t bytes(const Tracks& tracks);
  static std::vector<ArrayView> arrays(const Tracks& tracks);
};

/// Tracks as text, exactly, and back. Throws Error where the text is none.
std::string to_text(const Tracks& tracks);
Tracks tracks_from(const std::string& text);

}  // namespace ladcast
