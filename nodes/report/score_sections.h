// The sections of a page that tell of scores.
#pragma once

#include <string>
#include <vector>

#include "nodes/report/page.h"
#include "nodes/report/score_series.h"

namespace ladcast {

/// What is wanted of the scores; what was not scored is left out.
struct WantedScores {
  std::vector<Channel> channels;     // the headline channels, in order
  std::vector<std::string> regions;  // empty: the first
  std::vector<int> lead_hours;       // the last where none is there

  bool is_headline(const Channel& channel) const;
};

/// Adds the finding, the table at a glance and the figures. `has_intervals`: means are of more than
/// one initial time.
void add_scores(Page& page, const std::vector<SeriesPoint>& points, const WantedScores& wanted,
                bool has_intervals);

/// A line for each of the three that asks for what was not scored, with what was; empty where
/// nothing was scored.
std::string unscored_wishes(const std::vector<SeriesPoint>& points, const WantedScores& wanted);

}  // namespace ladcast
