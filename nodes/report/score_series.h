// The scores of a run as the report draws them: means over initial times with confidence intervals.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "nodes/values/scores.h"

namespace ladcast {

/// A published score, its mean over initial times.
struct SeriesPoint {
  ScoreRow row;
  // 95 % interval: value ± 1.96 s / sqrt(n), with s / sqrt(n) by the jackknife over initial times
  // (Efron and Stein 1981): for a mean it is the standard error itself, and it holds for roots and
  // ratios of means. None for a single initial time.
  std::optional<double> low = {}, high = {};
};

class ScoreSeries {
 public:
  /// Intervals are computed for those rows that `with_intervals` wants.
  explicit ScoreSeries(std::function<bool(const ScoreRow&)> with_intervals)
      : with_intervals_(std::move(with_intervals)) {}

  /// The statistics of one initial time and lead. Throws Error where one is there twice.
  void add(int item, const std::vector<ScoreRow>& rows);

  std::set<int> leads() const { return means_.leads(); }

  /// Means of all leads, by lead, as csv_out writes them.
  std::vector<SeriesPoint> points() const;

 private:
  using Name = std::tuple<std::string, std::string, std::string, int, std::string, std::string,
                          std::optional<double>>;
  static Name name_of(const ScoreRow& row);

  struct Sample {
    ScoreRow row;                 // names it
    std::map<int, double> items;  // its value by initial time
  };

  std::map<Name, double> standard_errors(const std::vector<Sample>& samples) const;

  std::function<bool(const ScoreRow&)> with_intervals_;
  MeanScores means_;
  std::map<int, std::vector<Sample>> samples_;        // by lead, in the order in which they came
  std::map<int, std::map<Name, std::size_t>> index_;  // into samples_
};

}  // namespace ladcast
