#include "nodes/output/score_names.h"

#include <doctest/doctest.h>

#include "nodes/verify/climate_scores.h"
#include "nodes/verify/contingency.h"
#include "nodes/verify/map_scorer.h"
#include "nodes/verify/whole_map_scores.h"

using namespace ladcast;

TEST_CASE("every score that can be asked for has a name, a formula and units") {
  auto scores = extra_scores();
  for (const auto& score : whole_map_scores()) scores.push_back(score);
  for (const auto& score : climate_scores()) scores.push_back(score);
  for (const char* const score : {"mse",
                                  "bias",
                                  "mae",
                                  "variance",
                                  "expected_mse",
                                  "acc",
                                  "brier",
                                  "brier_fair",
                                  "twcrps_fair",
                                  "forecast_share",
                                  "observed_share",
                                  "quantile_score",
                                  "fbs",
                                  "fbs_reference",
                                  "fss",
                                  "rank_reliability_index",
                                  "rank_outliers",
                                  "rank_entropy",
                                  "central_share",
                                  "pit_reliability_index",
                                  "rmse",
                                  "spread",
                                  "spread_skill",
                                  "spread_skill_debiased",
                                  "observed_frequency",
                                  "brier_reliability",
                                  "brier_resolution",
                                  "brier_uncertainty",
                                  "brier_skill",
                                  "roc_area",
                                  "ignorance",
                                  "rps",
                                  "rps_fair"})
    scores.emplace_back(score);
  for (const ContingencyScore& each : contingency_scores())
    scores.emplace_back(each.name == "bias" ? "frequency_bias" : each.name);
  for (const auto& score : scores) {
    CAPTURE(score);
    const ScoreName* const known = find_score_name(score);
    REQUIRE(known);
    CHECK_FALSE(known->long_name.empty());
    CHECK_FALSE(known->formula.empty());
    CHECK_FALSE(known->units.empty());
    if (!known->bin.empty()) CHECK(find_bin_axis(known->bin));
  }
  CHECK(find_score_name("track_error") == nullptr);
}
