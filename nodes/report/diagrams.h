// Charts of calibration: rank histograms and reliability diagrams.
#pragma once

#include <string>
#include <vector>

#include "nodes/report/svg.h"

namespace ladcast {

struct RankHistogramPanel {
  std::string title;
  std::vector<double> shares;  // of the ranks 0 … M, of 1 together
};

/// Bars, with a line where all would be the same. `highest`: the share at the top of the axis.
void draw_rank_histogram(Svg& svg, const Box& box, const RankHistogramPanel& panel, double highest);

struct ReliabilityPoint {
  double probability = 0;     // forecast
  double frequency = 0;       // observed; NaN where it was never forecast
  double forecast_share = 0;  // how often it was forecast
};

struct ReliabilityPanel {
  std::string title;
  std::vector<ReliabilityPoint> points;
};

/// Observed frequency over forecast probability with the diagonal; below it bars that show how
/// often each probability was forecast. A dot's area grows with that share.
void draw_reliability(Svg& svg, const Box& box, const ReliabilityPanel& panel);

}  // namespace ladcast
