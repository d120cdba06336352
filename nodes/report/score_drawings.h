// The figures of scores, each kind in a file of its own. They are added where there is something to
// draw.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "nodes/report/score_selection.h"

namespace ladcast {

/// Root mean square error with spread, CRPS, ACC, bias, spread over error, SEEPS: a panel for each
/// channel.
void append_curves_by_lead(std::vector<Figure>& figures, const ScoreSelection& selection);

/// Those of which it draws curves.
std::vector<std::string> curve_scores();

/// The skill of a forecast against climatology and persistence.
void append_scorecards(std::vector<Figure>& figures, const ScoreSelection& selection,
                       const std::string& own);

void append_rank_histograms(std::vector<Figure>& figures, const ScoreSelection& selection,
                            const std::string& own);

/// One figure for each event.
void append_reliability(std::vector<Figure>& figures, const ScoreSelection& selection,
                        const std::string& own);

void append_spectra(std::vector<Figure>& figures, const ScoreSelection& selection);

/// Draws a panel and adds the lines of its numbers; false where there is nothing.
using DrawPanel = std::function<bool(Svg& svg, const Box& box, const Channel& channel, int lead,
                                     std::vector<std::string>& numbers)>;

/// Completes and adds a figure with a row of panels for each channel and a column for each lead:
/// the first and the last three leads, where there are more than fit side by side.
void append_by_channel_and_lead(std::vector<Figure>& figures, Figure figure,
                                const std::vector<Channel>& channels,
                                const std::vector<int>& all_leads, double height, double top,
                                const DrawPanel& draw);

}  // namespace ladcast
