// A map of one storm's tracks: all members, and where it really went.
#pragma once

#include <string>
#include <vector>

#include "nodes/cyclones/best_track.h"
#include "nodes/report/figure.h"
#include "nodes/report/map.h"
#include "nodes/values/tracks.h"

namespace ladcast {

/// The tracks of one storm from one initial time.
struct MappedTracks {
  std::string name;            // "lows" of those that are numbered: members do not share them
  std::vector<Track> members;  // each with some point
  Track observed;              // until the last lead; without points where nobody observed it
};

/// The storms of an ensemble, by name.
std::vector<MappedTracks> tracks_by_storm(const std::vector<const Tracks*>& batches,
                                          const std::vector<Storm>& observed, int until_hours);

/// A frame twice as wide as high around the points, at least 20 degrees high and within the poles;
/// longitudes are counted on from the first point, so that it may cross the date line. The globe
/// from date line to date line where all of it is needed.
MapFrame frame_around(const std::vector<LatLon>& points);

/// `observed` may have no points. Dots are a day apart. Requires: some point in all.
Figure track_map(const std::string& storm, const std::vector<Track>& members,
                 const Track& observed);

}  // namespace ladcast
