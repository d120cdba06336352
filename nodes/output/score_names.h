// What the scores are called in files that explain themselves.
#pragma once

#include <string_view>

namespace ladcast {

/// Notation as in verify/map_scorer.h.
struct ScoreName {
  std::string_view name;  // as in ScoreRow
  std::string_view long_name;
  std::string_view formula;
  std::string_view units;  // "1", or in terms of "channel_units"
  std::string_view bin;    // the axis of ScoreRow::bin; empty where there is none
};

/// Null for a score that is not known.
const ScoreName* find_score_name(std::string_view name);

struct BinAxis {
  std::string_view name;
  std::string_view long_name;
  bool whole;  // numbers
};

/// Null for an axis that is not known.
const BinAxis* find_bin_axis(std::string_view name);

}  // namespace ladcast
