// How far forecast tracks are from the best track.
#pragma once

#include <map>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "nodes/cyclones/best_track.h"
#include "nodes/values/scores.h"
#include "nodes/values/tracks.h"

namespace ladcast {

/// The tracks that members have of one storm.
struct StormTracks {
  const Storm* storm;
  std::vector<const Track*> tracks;  // by member as in Tracks::members; null where it has none
};

struct MatchedTracks {
  std::vector<StormTracks> storms;
  std::vector<const Track*> others;  // tracks of no observed storm
};

/// All members of batches of one forecast. Requires: the same initial time and leads.
Tracks together(const std::vector<const Tracks*>& batches);

/// A track belongs to the storm whose id it has; a numbered one to the storm that is nearest,
/// within `km`, at the first time of which both have a position. Storms that are not observed
/// between the initial time and the last lead are left out. The result refers to `storms` and
/// `tracks`.
MatchedTracks match(const std::vector<Storm>& storms, const Tracks& tracks, double km);

/// Storm and lead.
using TrackCase = std::pair<std::string, int>;

/// The cases of which there are an observation and at least one member's position. Forecasts are
/// compared over the cases that all have: the homogeneous sample.
std::set<TrackCase> sample_of(const MatchedTracks& matched, Time init);

/// Errors of one forecast from one initial time by storm and lead, and over all storms.
///
/// Distances are along great circles (R = 6371 km). With the distance d from the observed to the
/// forecast place and the angle a from the observed motion (over the 6 hours before, or after where
/// there is nothing before) to it, along is d cos a (ahead is positive) and cross d sin a (to the
/// right is positive); both are missing where the storm did not move.
class TrackErrors {
 public:
  /// `sample`: the cases to be scored. Hits, misses and false alarms count in all cases.
  TrackErrors(const MatchedTracks& matched, const Tracks& tracks,
              const std::set<TrackCase>& sample);

  /// Of each storm ("region" is its id), then "all storms" where there are several. Scores of
  /// cyclone_position in km: track_error (mean over members and storms), along_track, cross_track,
  /// centre_error (of the mean position of the members), track_spread (mean distance of the members
  /// from it). Of cyclone_members: hits, misses (observed, not found), false_alarms (found, not
  /// observed). Of cyclone_central_pressure: bias, mae. `count` is the sample,
  /// `weight` the share of members that found the storm.
  std::vector<ScoreRow> rows(const std::string& forecast) const;

 private:
  struct Mean {
    double sum = 0.0;
    std::size_t count = 0;
    void add(double value);
    double value() const;
  };
  struct Sums {
    Mean error, along, cross, centre_error, spread, msl_bias, msl_mae;
    std::size_t hits = 0, misses = 0, false_alarms = 0;
  };
  void add_case(const StormTracks& storm, int lead_hours, bool in_sample);
  void add_errors(const StormTracks& storm, const Observation& observed, int lead_hours);
  template <class Change>
  void change(const std::string& storm, int lead_hours, Change change);

  Time init_;
  std::vector<std::string> storms_;  // ids in order
  std::map<TrackCase, Sums> sums_;   // those of all storms under kAllStorms
};

/// The share of members with a track that passes within `km` of each place at any time.
std::vector<float> strike_probability(const Tracks& tracks, std::span<const LatLon> places,
                                      double km);

}  // namespace ladcast
