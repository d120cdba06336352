#include "nodes/report/track_map.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>

namespace ladcast {
namespace {

void draw_track(Map& map, const Track& track, const std::string& look, double radius) {
  std::vector<GeoPoint> points;
  for (const auto& point : track.points)
    points.push_back({point.position.latitude, point.position.longitude});
  if (points.size() > 1) map.line(points, "curve " + look);
  for (const auto& point : track.points)
    if (point.lead_hours % 24 == 0)
      map.dot({point.position.latitude, point.position.longitude}, radius, "dot " + look);
}

std::string name_of(const Track& track) {
  const bool numbered = std::all_of(track.storm.begin(), track.storm.end(),
                                    [](unsigned char c) { return std::isdigit(c) != 0; });
  return numbered ? "lows" : track.storm;
}

Track observed_from(Time init, const std::string& name, const std::vector<Storm>& storms,
                    int until_hours) {
  Track track;
  for (const Storm& storm : storms)
    for (const Observation& each : storm.observations) {
      const auto hours = std::chrono::duration_cast<std::chrono::hours>(each.time - init).count();
      if (storm.id != name || hours < 0 || hours > until_hours) continue;
      track.points.push_back({static_cast<int>(hours), each.position, each.msl, each.wind});
    }
  return track;
}

}  // namespace

std::vector<MappedTracks> tracks_by_storm(const std::vector<const Tracks*>& batches,
                                          const std::vector<Storm>& observed, int until_hours) {
  std::map<std::string, std::vector<Track>> members;
  for (const Tracks* batch : batches)
    for (const Track& track : batch->tracks)
      if (!track.points.empty()) members[name_of(track)].push_back(track);
  std::vector<MappedTracks> storms;
  for (auto& [name, all] : members)
    storms.push_back(
        {name, std::move(all), observed_from(batches.front()->init, name, observed, until_hours)});
  return storms;
}

MapFrame frame_around(const std::vector<LatLon>& points) {
  double west = points.front().longitude, east = west;
  double south = points.front().latitude, north = south;
  for (const auto& point : points) {
    const double middle = (west + east) / 2;
    const double longitude = point.longitude - 360 * std::round((point.longitude - middle) / 360);
    west = std::min(west, longitude);
    east = std::max(east, longitude);
    south = std::min(south, point.latitude);
    north = std::max(north, point.latitude);
  }
  constexpr double kMargin = 5, kSmallest = 20;
  const double height =
      std::clamp(std::max(north - south, (east - west) / 2) + 2 * kMargin, kSmallest, 180.0);
  if (height == 180) return {};
  const double latitude = std::clamp((south + north) / 2, -90 + height / 2, 90 - height / 2);
  const double longitude = (west + east) / 2;
  return {longitude - height, longitude + height, latitude - height / 2, latitude + height / 2};
}

Figure track_map(const std::string& storm, const std::vector<Track>& members,
                 const Track& observed) {
  std::vector<LatLon> points;
  for (const auto& point : observed.points) points.push_back(point.position);
  for (const auto& member : members)
    for (const auto& point : member.points) points.push_back(point.position);

  Figure figure{.id = "tracks-" + id_of(storm),
                .title = "Tracks of " + storm,
                .caption = "Where each member has the centre; a dot for each day."};
  figure.width = Sheet::kWidth;
  figure.height = 34 + Sheet::kWidth / 2;
  Svg svg;
  std::vector<LegendEntry> legend = {{"members", "s0 thin"}};
  if (!observed.points.empty()) legend.push_back({"observed", "s1 solid"});
  draw_legend(svg, {0, 10}, legend);
  Map map(figure, svg, {0, 34, Sheet::kWidth, Sheet::kWidth / 2}, frame_around(points));
  map.coasts_on_paper();
  for (const auto& member : members) draw_track(map, member, "s0 thin", 1.8);
  draw_track(map, observed, "s1 solid", 3.5);
  map.end();
  figure.body = svg.body();
  return figure;
}

}  // namespace ladcast
