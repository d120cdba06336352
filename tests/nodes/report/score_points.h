// Rows of scores for the tests of the report.
#pragma once

#include <string>

#include "nodes/report/score_series.h"

namespace ladcast {

inline const Channel kZ500{"geopotential", 500, "m2 s-2"};

inline ScoreRow score_row(const std::string& score, int lead_hours, double value,
                          const std::string& forecast = "model", const Channel& channel = kZ500) {
  return {{}, lead_hours, forecast, "global", channel, score, {}, {}, value, 1.0, 1};
}

inline ScoreRow binned_row(const std::string& score, int lead_hours, double bin, double value,
                           const std::string& event = "", const std::string& forecast = "model") {
  ScoreRow row = score_row(score, lead_hours, value, forecast);
  row.bin = bin;
  row.event = event;
  return row;
}

/// How often a text is in another.
inline int count(const std::string& text, const std::string& part) {
  int times = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size()))
    ++times;
  return times;
}

}  // namespace ladcast
