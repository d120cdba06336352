// A scorecard of two runs as a figure.
#pragma once

#include <string>

#include "nodes/report/figure.h"
#include "nodes/verify/scorecard.h"

namespace ladcast {

/// A card for each score that `view` shows: channels down, leads across, the relative difference in
/// per cent, coloured where the verdict is significant. Its numbers are lines of scorecard_csv().
Figure comparison_figure(const RunComparison& comparison, const ScorecardView& view,
                         const std::string& title);

}  // namespace ladcast
