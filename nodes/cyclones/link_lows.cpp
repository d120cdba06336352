#include "nodes/cyclones/link_lows.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "nodes/cyclones/great_circle.h"

namespace ladcast {
namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
constexpr double kColdCore = 2.0;  // degrees that a low without a warm core counts further away
constexpr int kMotionHours = 12;

}  // namespace

void LowLinker::follow(const std::string& storm, const LatLon& start,
                       const std::optional<LatLon>& before, int hours_before) {
  Open& track = open_.emplace_back(Open{storm, {}, {}});
  if (before) track.way.push_back({-hours_before, *before, kUnknown, kUnknown});
  track.way.push_back({0, start, kUnknown, kUnknown});
}

/// Along the great circle through its last point and the latest one at least 12 hours older, or the
/// oldest there is.
LatLon LowLinker::expected(const Open& track, int lead_hours) {
  const TrackPoint& last = track.way.back();
  const TrackPoint* older = &track.way.front();
  for (const TrackPoint& point : track.way)
    if (last.lead_hours - point.lead_hours >= kMotionHours) older = &point;
  const int hours = last.lead_hours - older->lead_hours;
  if (hours == 0) return last.position;
  const double away =
      great_circle_degrees(older->position, last.position) * (lead_hours - last.lead_hours) / hours;
  return moved(last.position, bearing(last.position, older->position) + std::numbers::pi, away);
}

std::vector<LowLinker::Pair> LowLinker::pairs(int lead_hours, std::span<const Low> lows) const {
  std::vector<Pair> pairs;
  for (std::size_t t = 0; t < open_.size(); ++t) {
    const int hours = lead_hours - open_[t].way.back().lead_hours;
    if (hours > rules_.max_gap_hours) continue;
    const LatLon place = expected(open_[t], lead_hours);
    const double reach = rules_.range * std::clamp(hours / 12.0, 0.5, 1.0);
    for (std::size_t l = 0; l < lows.size(); ++l) {
      const double distance = great_circle_degrees(place, lows[l].position);
      if (distance <= reach &&
          great_circle_degrees(open_[t].way.back().position, lows[l].position) <= rules_.range)
        pairs.push_back({distance + (lows[l].warm_core ? 0.0 : kColdCore), t, l});
    }
  }
  std::stable_sort(pairs.begin(), pairs.end(),
                   [](const Pair& a, const Pair& b) { return a.cost < b.cost; });
  return pairs;
}

void LowLinker::add(int lead_hours, std::span<const Low> lows, bool new_tracks) {
  std::vector<bool> grown(open_.size());
  std::vector<bool> used(lows.size());
  const auto extend = [&](Open& track, std::size_t low) {
    track.points.push_back({lead_hours, lows[low].position, lows[low].msl, lows[low].wind});
    track.way.push_back(track.points.back());
    used[low] = true;
  };
  for (const Pair& pair : pairs(lead_hours, lows)) {
    if (grown[pair.track] || used[pair.low]) continue;
    extend(open_[pair.track], pair.low);
    grown[pair.track] = true;
  }
  for (std::size_t low = 0; low < lows.size(); ++low)
    if (new_tracks && !used[low])
      extend(open_.emplace_back(Open{std::to_string(open_.size() + 1), {}, {}}), low);
}

std::vector<Track> LowLinker::tracks(int member) const {
  std::vector<Track> tracks;
  for (const Open& track : open_) tracks.push_back({track.storm, member, track.points});
  return tracks;
}

std::vector<Track> tropical_cyclones(std::vector<Track> tracks, const LifeRules& rules) {
  std::erase_if(tracks, [&rules](const Track& track) {
    const auto counted =
        std::count_if(track.points.begin(), track.points.end(), [&rules](const TrackPoint& point) {
          return (rules.min_wind <= 0 || point.wind >= rules.min_wind) &&
                 std::abs(point.position.latitude) <= rules.max_latitude;
        });
    return track.points.empty() || counted < rules.min_points ||
           track.points.back().lead_hours - track.points.front().lead_hours < rules.min_hours;
  });
  return tracks;
}

}  // namespace ladcast
