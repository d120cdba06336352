// How scores are formed, in words, for the files that hold them.
#pragma once

#include <string>

#include "nodes/values/scores.h"
#include "nodes/verify/map_scorer.h"

namespace ladcast {

/// The line of history that scores add to what they send ends with their preset.
constexpr const char* kPresetOfScores = "scores: preset ";

/// What the settings say: weights, missing values, estimators, and the limits of each region.
Conventions conventions_of(const ScoreSettings& settings, const std::string& preset);

}  // namespace ladcast
