// A table of coloured cells: scores by channel and lead against another forecast's.
#pragma once

#include <string>
#include <vector>

#include "nodes/report/svg.h"

namespace ladcast {

struct ScorecardCell {
  std::string text;    // empty: nothing is known
  double shade = 0.0;  // -1 (worse) to 1 (better)
};

struct Scorecard {
  std::string title;
  std::vector<std::string> rows, columns;
  std::vector<std::vector<ScorecardCell>> cells;  // by row
};

/// The height that a scorecard takes.
double scorecard_height(const Scorecard& card);

/// Draws the card into `box`. Better is blue and bears "+", worse is orange and bears "−".
void draw_scorecard(Svg& svg, const Box& box, const Scorecard& card);

}  // namespace ladcast
