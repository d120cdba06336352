#include "nodes/cyclones/track_errors.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "nodes/cyclones/great_circle.h"

namespace ladcast {
namespace {

using std::chrono::hours;

const char* const kAllStorms = "all storms";
constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
constexpr double kMotionKm = 1.0;  // less is no motion: a tenth of a degree is the files' precision

const TrackPoint* point_at(const Track* track, int lead_hours) {
  if (track == nullptr) return nullptr;
  for (const auto& point : track->points)
    if (point.lead_hours == lead_hours) return &point;
  return nullptr;
}

/// Kilometres at the first time of which both have a position.
std::optional<double> first_distance(const Storm& storm, const Track& track, Time init) {
  for (const auto& point : track.points)
    if (const auto* observed = storm.at(init + hours{point.lead_hours}))
      return great_circle_km(observed->position, point.position);
  return {};
}

std::optional<double> heading_of(const Storm& storm, const Observation& observed) {
  const auto* before = storm.at(observed.time - hours{6});
  const auto* after = storm.at(observed.time + hours{6});
  if (before != nullptr && great_circle_km(before->position, observed.position) > kMotionKm)
    return bearing(observed.position, before->position) + std::numbers::pi;
  if (before == nullptr && after != nullptr &&
      great_circle_km(observed.position, after->position) > kMotionKm)
    return bearing(observed.position, after->position);
  return {};
}

/// Before the storm's first or after its last observation.
bool is_over(const Storm& storm, Time time) {
  return time < storm.observations.front().time || time > storm.observations.back().time;
}

}  // namespace

Tracks together(const std::vector<const Tracks*>& batches) {
  Tracks all{batches.front()->init, batches.front()->lead_hours, {}, {}};
  for (const Tracks* batch : batches) {
    all.members.insert(all.members.end(), batch->members.begin(), batch->members.end());
    all.tracks.insert(all.tracks.end(), batch->tracks.begin(), batch->tracks.end());
  }
  return all;
}

MatchedTracks match(const std::vector<Storm>& storms, const Tracks& tracks, double km) {
  MatchedTracks matched;
  std::set<const Track*> used;
  const Time last = tracks.init + hours{tracks.lead_hours.empty() ? 0 : tracks.lead_hours.back()};
  for (const Storm& storm : storms) {
    if (storm.observations.front().time > last || storm.observations.back().time < tracks.init)
      continue;
    StormTracks& found = matched.storms.emplace_back(StormTracks{&storm, {}});
    for (const int member : tracks.members) {
      const Track* best = nullptr;
      double nearest = km;
      for (const Track& track : tracks.tracks) {
        if (track.member != member || used.contains(&track)) continue;
        const auto distance = track.storm == storm.id ? std::optional<double>(-1.0)
                                                      : first_distance(storm, track, tracks.init);
        if (!distance || *distance > nearest) continue;
        best = &track;
        nearest = *distance;
      }
      if (best != nullptr) used.insert(best);
      found.tracks.push_back(best);
    }
  }
  for (const Track& track : tracks.tracks)
    if (!used.contains(&track)) matched.others.push_back(&track);
  return matched;
}

std::set<TrackCase> sample_of(const MatchedTracks& matched, Time init) {
  std::set<TrackCase> sample;
  for (const auto& storm : matched.storms)
    for (const Track* track : storm.tracks)
      if (track != nullptr)
        for (const auto& point : track->points)
          if (storm.storm->at(init + hours{point.lead_hours}) != nullptr)
            sample.emplace(storm.storm->id, point.lead_hours);
  return sample;
}

void TrackErrors::Mean::add(double value) {
  if (std::isnan(value)) return;
  sum += value;
  ++count;
}

double TrackErrors::Mean::value() const {
  return count == 0 ? kUnknown : sum / static_cast<double>(count);
}

TrackErrors::TrackErrors(const MatchedTracks& matched, const Tracks& tracks,
                         const std::set<TrackCase>& sample)
    : init_(tracks.init) {
  for (const auto& storm : matched.storms) {
    storms_.push_back(storm.storm->id);
    for (const int lead : tracks.lead_hours)
      add_case(storm, lead, sample.contains({storm.storm->id, lead}));
  }
  for (const Track* track : matched.others)
    for (const auto& point : track->points) ++sums_[{kAllStorms, point.lead_hours}].false_alarms;
}

template <class Change>
void TrackErrors::change(const std::string& storm, int lead_hours, Change change) {
  change(sums_[{storm, lead_hours}]);
  change(sums_[{kAllStorms, lead_hours}]);
}

void TrackErrors::add_case(const StormTracks& storm, int lead_hours, bool in_sample) {
  const Time valid = init_ + hours{lead_hours};
  const Observation* observed = storm.storm->at(valid);
  const bool over = is_over(*storm.storm, valid);
  if (observed == nullptr && !over) return;  // at an hour that best tracks do not have
  for (const Track* track : storm.tracks) {
    const bool found = point_at(track, lead_hours) != nullptr;
    change(storm.storm->id, lead_hours, [&](Sums& sums) {
      if (found) ++(over ? sums.false_alarms : sums.hits);
      if (!found && !over) ++sums.misses;
    });
  }
  if (observed != nullptr && in_sample) add_errors(storm, *observed, lead_hours);
}

void TrackErrors::add_errors(const StormTracks& storm, const Observation& observed,
                             int lead_hours) {
  const auto heading = heading_of(*storm.storm, observed);
  std::vector<LatLon> places;
  for (const Track* track : storm.tracks) {
    const TrackPoint* point = point_at(track, lead_hours);
    if (point == nullptr) continue;
    places.push_back(point->position);
    const double distance = great_circle_km(observed.position, point->position);
    const double angle =
        heading ? bearing(observed.position, point->position) - *heading : kUnknown;
    change(storm.storm->id, lead_hours, [&](Sums& sums) {
      sums.error.add(distance);
      sums.along.add(distance * std::cos(angle));
      sums.cross.add(distance * std::sin(angle));
      sums.msl_bias.add(point->msl - observed.msl);
      sums.msl_mae.add(std::abs(point->msl - observed.msl));
    });
  }
  const auto mean = mean_position(places);
  if (!mean) return;
  change(storm.storm->id, lead_hours, [&](Sums& sums) {
    sums.centre_error.add(great_circle_km(observed.position, *mean));
    if (places.size() < 2) return;
    for (const LatLon& place : places) sums.spread.add(great_circle_km(place, *mean));
  });
}

std::vector<ScoreRow> TrackErrors::rows(const std::string& forecast) const {
  std::vector<ScoreRow> rows;
  const Channel position{"cyclone_position", {}, "km"};
  const Channel members{"cyclone_members", {}, "1"};
  const Channel pressure{"cyclone_central_pressure", {}, "Pa"};
  const auto append = [&](const TrackCase& at, const Sums& sums) {
    const auto looked = static_cast<double>(sums.hits + sums.misses);
    const auto add = [&](const Channel& channel, const char* score, double value,
                         std::size_t count) {
      ScoreRow row;
      row.init = init_;
      row.lead_hours = at.second;
      row.forecast = forecast;
      row.region = at.first;
      row.channel = channel;
      row.score = score;
      row.value = value;
      row.weight = looked > 0 ? static_cast<double>(sums.hits) / looked : 0.0;
      row.count = count;
      rows.push_back(row);
    };
    const auto add_mean = [&](const Channel& channel, const char* score, const Mean& mean) {
      add(channel, score, mean.value(), mean.count);
    };
    add_mean(position, "track_error", sums.error);
    add_mean(position, "along_track", sums.along);
    add_mean(position, "cross_track", sums.cross);
    add_mean(position, "centre_error", sums.centre_error);
    add_mean(position, "track_spread", sums.spread);
    const auto add_number = [&](const char* score, std::size_t number) {
      add(members, score, static_cast<double>(number), sums.hits + sums.misses + sums.false_alarms);
    };
    add_number("hits", sums.hits);
    add_number("misses", sums.misses);
    add_number("false_alarms", sums.false_alarms);
    add_mean(pressure, "bias", sums.msl_bias);
    add_mean(pressure, "mae", sums.msl_mae);
  };
  for (const auto& storm : storms_)
    for (const auto& [at, sums] : sums_)
      if (at.first == storm) append(at, sums);
  for (const auto& [at, sums] : sums_)
    if (at.first == kAllStorms && storms_.size() != 1) append(at, sums);
  return rows;
}

std::vector<float> strike_probability(const Tracks& tracks, std::span<const LatLon> places,
                                      double km) {
  const double degrees = km / kKmOfDegree;
  std::vector<float> share(places.size());
  for (const int member : tracks.members) {
    std::vector<bool> struck(places.size());
    for (const Track& track : tracks.tracks) {
      if (track.member != member) continue;
      for (std::size_t i = 0; i < track.points.size(); ++i) {
        const LatLon& from = track.points[i == 0 ? 0 : i - 1].position;
        const LatLon& to = track.points[i].position;
        const double reach = degrees + great_circle_degrees(from, to);
        for (std::size_t place = 0; place < places.size(); ++place)
          if (!struck[place] && std::abs(places[place].latitude - from.latitude) <= reach)
            struck[place] = km_from_segment(places[place], from, to) <= km;
      }
    }
    for (std::size_t place = 0; place < places.size(); ++place)
      if (struck[place]) share[place] += 1.0F;
  }
  for (float& value : share) value /= static_cast<float>(tracks.members.size());
  return share;
}

}  // namespace ladcast
