// Scores as a table for a terminal.
#pragma once

#include <set>
#include <span>
#include <string>
#include <vector>

#include "nodes/values/scores.h"

namespace ladcast {

constexpr std::size_t kMostColumns = 8;

/// The leads that a table shows, in hours: all where no more than `most` are there, otherwise those
/// of 6 h, 1, 2, 3, 5, 7, 10 and 15 days and the last, thinned where these are too many.
std::vector<int> shown_leads(const std::set<int>& leads, std::size_t most = kMostColumns);

/// A block for each channel with a line for each of `scores` and each forecast; the leads shown are
/// columns. Of several regions the first is shown. At most 100 characters wide, with four digits.
/// Values that are not there show as "-". Requires: `rows` are means over initial times with their
/// roots taken.
std::string score_table(std::span<const ScoreRow> rows, const std::vector<std::string>& scores);

/// A line for each channel and forecast that was scored on a part of a region alone, or with fewer
/// than `members` members, and one for scores of fewer initial times than the forecast's rmse and
/// for forecasts of fewer than another, with how much was there; empty where all was. Requires: as
/// above, of all leads.
std::string partly_scored(std::span<const ScoreRow> rows, int members);

/// A line for each channel and forecast that has leads without a value, with these; empty where all
/// have. `missing`: as above, with NaN.
std::string unscored(std::span<const ScoreRow> missing);

/// Which of `scores` none of `rows` is, and what there is; empty where all are there, and where
/// there are no rows.
std::string unknown_scores(std::span<const ScoreRow> rows, const std::vector<std::string>& scores);

}  // namespace ladcast
