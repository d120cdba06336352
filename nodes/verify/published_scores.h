// From statistics that can be averaged over initial times to the scores that people read.
#pragma once

#include <vector>

#include "nodes/values/scores.h"

namespace ladcast {

/// Of the rows of each lead, forecast, region and channel:
///   rmse = sqrt(mse);  spread = sqrt(variance);  spread_skill = sqrt(expected_mse / mse)
///   spread_skill_debiased = sqrt(variance / debiased_mse) (WeatherBench-X)
/// and of each event from forecast_share and observed_share by forecast probability p
///   observed_frequency by p (the reliability diagram; forecast_share stays beside it)
///   brier_reliability, brier_resolution, brier_uncertainty, brier_skill (see reliability.h;
///   against the sample's own frequency) and roc_area (see roc.h) pod, far and the other scores of
///   contingency.h for "the event is forecast where p >= 0.5"
/// and of a rank_histogram rank_reliability_index, rank_outliers and rank_entropy (see Flatness in
/// rank_histogram.h) and central_share, the share of the central ranks by `bin` = their part of all
/// ranks; of a pit_histogram pit_reliability_index; of fbs and fbs_reference fss, by event and
/// width (see fractions_skill.h) and of two or more events above thresholds rps and rps_fair, the
/// sums of their brier and brier_fair (not divided by their number). All other rows stay. Requires:
/// rows of the same lead, forecast, region and channel are neighbours.
std::vector<ScoreRow> published_scores(const std::vector<ScoreRow>& rows);

/// The way back for rows of one initial time: statistics that can be averaged again. What
/// published_scores() adds beside them is left out. Requires: as above.
std::vector<ScoreRow> averageable_scores(const std::vector<ScoreRow>& rows);

}  // namespace ladcast
