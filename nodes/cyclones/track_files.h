// Tracks as the text of files.
#pragma once

#include <string>
#include <vector>

#include "nodes/values/tracks.h"

namespace ladcast {

/// CSV with the columns init,storm,member,step,lead_hours,time,lat,lon,msl,wind; `step` counts
/// `step_hours`, and time, lat, lon, member, step are those of the reference's files. Empty: what
/// is not known.
std::string tracks_csv(const std::vector<Tracks>& all, int step_hours);

/// GeoJSON (RFC 7946): a feature for each track, one on a line, cut at the date line, with lists of
/// times, leads, pressures and winds by position. A track of one position is a Point, one of none
/// is left out.
std::string tracks_geojson(const std::vector<Tracks>& all);

/// A line for each storm and initial time that no member has, and one where there is no track at
/// all; empty where there are none such.
std::string lost_storms(const std::vector<Tracks>& all);

}  // namespace ladcast
