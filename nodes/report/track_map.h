// A map of one storm's tracks: all members, and where it really went.
#pragma once

#include <string>
#include <vector>

#include "nodes/report/figure.h"
#include "nodes/report/map.h"
#include "nodes/values/tracks.h"

namespace ladcast {

/// A frame twice as wide as high around the points, at least 20 degrees high and within the poles;
/// longitudes are counted on from the first point, so that it may cross the date line.
MapFrame frame_around(const std::vector<LatLon>& points);

/// `observed` may have no points. Dots are a day apart. Requires: some point in all.
Figure track_map(const std::string& storm, const std::vector<Track>& members,
                 const Track& observed);

}  // namespace ladcast
