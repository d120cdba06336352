// Two runs compared, score by score: shared/spec/verification.md, section 6.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "nodes/values/scores.h"
#include "nodes/verify/significance.h"

namespace ladcast {

/// What makes a score good.
enum class Goal { lower, higher, nearer_to_zero, nearer_to_one, none };

/// Of a score that a scorecard compares; nothing for others (histograms, diagrams, parts of scores
/// and what is no mean over initial times).
std::optional<Goal> goal_of(std::string_view score);

enum class Judgement {
  better,
  worse,
  larger,  // for a score without a goal
  smaller,
  no_difference,  // none that is significant
  too_few         // fewer than 11 initial times in common: EWC has one degree of freedom
};
std::string_view to_string(Judgement judgement);

/// One lead, region, channel, score, event and bin.
struct ComparedScore {
  ScoreRow name;  // its init, value, weight and count mean nothing
  Goal goal = Goal::none;
  double run = 0.0, reference = 0.0;  // means over the initial times that both have
  double difference = 0.0;  // run - reference; of the distances to 0 or 1 where nearer is better
  double relative = 0.0;    // difference / |reference|, likewise
  MeanTest iid, geer, ewc;  // of the difference
  bool geer_significant = false, ewc_significant = false;  // after the false discovery rate
  std::size_t unpaired = 0;  // initial times with a value in one run alone
  std::size_t gaps = 0;      // missing in an even series between the first and the last
  Judgement judgement = Judgement::no_difference;
};

struct ComparisonSettings {
  std::string run_forecast = "model";        // the forecast of the run's rows
  std::string reference_forecast = "model";  // of the reference's rows
  double alpha = 0.05;                       // of a single test
};

struct RunComparison {
  ComparisonSettings settings;
  std::vector<ComparedScore> cells;   // as the run's rows come, leads ascending within each
  std::vector<std::string> left_out;  // scores in both runs that are not compared
  std::size_t only_in_one = 0;        // cells that one run alone has
};

/// Pairs the rows of equal initial time in each cell. Both runs need rows by initial time. Where
/// the score of many initial times is not the mean of theirs, its linear part is tested (delta
/// method, WeatherBench-X): of rmse = sqrt(E[m]) that is rmse + (m_i - E[m]) / (2 rmse), of spread
/// the same, and of spread_skill r = sqrt(E[e] / E[m]) it is r (1 + (e_i / E[e] - m_i / E[m]) / 2),
/// for which the rmse must be there too. A verdict needs Geer's test and EWC to agree at the false
/// discovery rate 2 alpha over all cells (Wilks 2016). Throws Error where there is nothing to
/// compare.
RunComparison compare_runs(std::span<const ScoreRow> run, std::span<const ScoreRow> reference,
                           const ComparisonSettings& settings);

/// The cells as CSV.
std::string scorecard_csv(const RunComparison& comparison);

/// What people are shown of a comparison: of the first region, and where a list is empty, all.
struct ScorecardView {
  std::vector<std::string> scores = {};
  std::vector<int> lead_hours = {};

  bool shows(const RunComparison& comparison, const ComparedScore& cell) const;
};

/// For people: leads across, the relative difference in per cent and the verdict in each cell.
std::string scorecard_table(const RunComparison& comparison, const ScorecardView& view);

}  // namespace ladcast
