#include "nodes/cyclones/track_files.h"

#include <fmt/format.h>

#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "nodes/cyclones/great_circle.h"

namespace ladcast {
namespace {

using nlohmann::ordered_json;

std::string cell(double value, int decimals) {
  return std::isnan(value) ? "" : fmt::format("{:.{}f}", value, decimals);
}

double rounded(double value, double steps) { return std::round(value * steps) / steps; }

ordered_json number(double value, double steps) {
  return std::isnan(value) ? ordered_json() : ordered_json(rounded(value, steps));
}

Time valid(const Tracks& tracks, const TrackPoint& point) {
  return tracks.init + std::chrono::hours{point.lead_hours};
}

/// GeoJSON has longitudes from -180 to 180.
ordered_json coordinates(double longitude, double latitude) {
  return {rounded(longitude, 1000), rounded(latitude, 1000)};
}

/// Lines that do not cross the date line: where the track does, one ends on it and the next begins.
ordered_json lines_of(const std::vector<TrackPoint>& points) {
  ordered_json lines = ordered_json::array();
  ordered_json line = ordered_json::array();
  double before = 0;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const LatLon& at = points[i].position;
    const double longitude = longitude_difference(at.longitude, 0.0);
    if (i > 0 && std::abs(longitude - before) > 180.0) {
      const double edge = before > 0 ? 180.0 : -180.0;
      const double whole = longitude + 2 * edge - before;
      const double latitude = std::lerp(points[i - 1].position.latitude, at.latitude,
                                        whole == 0.0 ? 0.0 : (edge - before) / whole);
      line.push_back(coordinates(edge, latitude));
      lines.push_back(std::move(line));
      line = ordered_json::array({coordinates(-edge, latitude)});
    }
    line.push_back(coordinates(longitude, at.latitude));
    before = longitude;
  }
  lines.push_back(std::move(line));
  return lines;
}

ordered_json geometry_of(const std::vector<TrackPoint>& points) {
  ordered_json lines = lines_of(points);
  if (points.size() == 1) return {{"type", "Point"}, {"coordinates", lines[0][0]}};
  if (lines.size() == 1) return {{"type", "LineString"}, {"coordinates", lines[0]}};
  return {{"type", "MultiLineString"}, {"coordinates", lines}};
}

ordered_json feature_of(const Tracks& tracks, const Track& track) {
  ordered_json properties{{"init", format_time(tracks.init)},
                          {"storm", track.storm},
                          {"member", track.member},
                          {"time", ordered_json::array()},
                          {"lead_hours", ordered_json::array()},
                          {"msl", ordered_json::array()},
                          {"wind", ordered_json::array()}};
  for (const TrackPoint& point : track.points) {
    properties["time"].push_back(format_time(valid(tracks, point)));
    properties["lead_hours"].push_back(point.lead_hours);
    properties["msl"].push_back(number(point.msl, 10));
    properties["wind"].push_back(number(point.wind, 100));
  }
  return {{"type", "Feature"},
          {"geometry", geometry_of(track.points)},
          {"properties", std::move(properties)}};
}

}  // namespace

std::string tracks_csv(const std::vector<Tracks>& all, int step_hours) {
  std::string text = "init,storm,member,step,lead_hours,time,lat,lon,msl,wind\n";
  for (const Tracks& tracks : all)
    for (const Track& track : tracks.tracks)
      for (const TrackPoint& point : track.points)
        text +=
            fmt::format("{},{},{},{},{},{},{:.3f},{:.3f},{},{}\n", format_time(tracks.init),
                        track.storm, track.member, point.lead_hours / step_hours, point.lead_hours,
                        format_time(valid(tracks, point)), point.position.latitude,
                        point.position.longitude, cell(point.msl, 1), cell(point.wind, 2));
  return text;
}

std::string tracks_geojson(const std::vector<Tracks>& all) {
  std::string features;
  for (const Tracks& tracks : all)
    for (const Track& track : tracks.tracks)
      if (!track.points.empty())
        features += (features.empty() ? "" : ",\n") + feature_of(tracks, track).dump();
  return "{\"type\": \"FeatureCollection\", \"features\": [\n" + features + "\n]}\n";
}

std::string lost_storms(const std::vector<Tracks>& all) {
  struct Found {
    std::size_t tracks = 0, members = 0;
  };
  std::map<std::pair<Time, std::string>, Found> storms;
  std::size_t found = 0;
  for (const Tracks& tracks : all)
    for (const Track& track : tracks.tracks) {
      Found& storm = storms[{tracks.init, track.storm}];
      ++storm.members;
      if (track.points.empty()) continue;
      ++storm.tracks;
      ++found;
    }
  std::string text;
  for (const auto& [which, storm] : storms)
    if (storm.tracks == 0)
      text += fmt::format(
          "storm {} from {} was found in none of {} members: no low within range of its best "
          "track; 'msl_rise', 'msl_distance' and 'range' of the tracker decide what is one\n",
          which.second, short_time(which.first), storm.members);
  if (found == 0) text += "no cyclone was found in any member: the files of tracks are empty\n";
  return text;
}

}  // namespace ladcast
