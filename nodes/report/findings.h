// What the scores say, in words and in one table.
#pragma once

#include <string>
#include <vector>

#include "nodes/report/score_figures.h"

namespace ladcast {

/// At which of ascending leads something holds: "at all leads", "at no lead", "until day 6", "from
/// day 1 on", "from day 1 to day 6", "at 7 of 10 leads".
struct LeadFact {
  int lead_hours = 0;
  bool holds = false;
};
std::string when(const std::vector<LeadFact>& facts);

/// One sentence or two on the first headline channel in the chosen region: until when the ensemble
/// mean beats climatology and persistence, and whether the spread fits the error. Empty without
/// scores.
std::string main_finding(const std::vector<SeriesPoint>& points, const ScoreChoice& choice);

/// The headline channels with their numbers at a few leads; cells as text, the first row is the
/// head. Empty without scores.
std::vector<std::vector<std::string>> glance_table(const std::vector<SeriesPoint>& points,
                                                   const ScoreChoice& choice);

}  // namespace ladcast
