// Statistics of an ensemble at the points of a block: the inner loop of all scores.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "nodes/values/event.h"

namespace ladcast {

constexpr std::size_t kBlock = 64;  // points whose sorted members stay in the first-level cache
using Lane = std::array<double, kBlock>;

/// Names of the lanes that are always formed; see map_scorer.h for formulas. NaN where a statistic
/// does not exist at a point.
enum StatisticLane : std::size_t {
  kBias,
  kMae,
  kMse,
  kVariance,
  kExpectedMse,
  kDebiasedMse,
  kCrpsFair,
  kCrpsEcdf,
  kCrpsSkill,
  kCrpsSpread,
  kCrpsUnder,
  kCrpsOver,
  kCovariance,       // of the anomalies of forecast and truth
  kForecastSquare,   // of anomalies
  kTruthSquare,      // of anomalies
  kForecastAnomaly,  // xbar - c
  kTruthAnomaly,     // y - c
  kBelow,            // members below the truth
  kTied,             // members equal to it
  kEvents            // here the lanes of events begin, then one for each quantile
};

/// The lanes of one event, in this order.
enum EventLane : std::size_t {
  kBrier,
  kBrierFair,
  kTwcrpsFair,
  kForecastShare,
  kObserved,
  kPerEvent
};

/// What is formed beside the fixed lanes.
struct StatisticsWanted {
  std::vector<Event> events = {};
  std::vector<double> quantiles = {};
  bool spread_without_truth = false;  // kCrpsSpread also where there is no truth; 0 of one member

  std::size_t lane_of(std::size_t event, EventLane lane) const {
    return kEvents + event * kPerEvent + lane;
  }
  std::size_t lane_of_quantile(std::size_t quantile) const {
    return kEvents + events.size() * kPerEvent + quantile;
  }
  std::size_t lanes() const { return lane_of_quantile(quantiles.size()); }
};

/// The maps of one ensemble, taken block by block. Not thread-safe.
class PointStatistics {
 public:
  /// `climatology` may be empty. The spans must outlive this.
  PointStatistics(std::span<const std::span<const float>> members, std::span<const float> truth,
                  std::span<const float> climatology, StatisticsWanted wanted);

  /// The lanes of the points `first` to `first + kBlock - 1`; those past the end of the map are
  /// NaN.
  const std::vector<Lane>& at(std::size_t first);

 private:
  template <std::size_t N>
  void form(const std::vector<float>& sorted, std::size_t members, std::size_t column);
  template <std::size_t N>
  void form_events(const std::vector<float>& sorted, std::size_t members, std::size_t column);
  void form_incomplete(std::size_t column);

  std::span<const std::span<const float>> members_;
  std::span<const float> truth_, climatology_;
  StatisticsWanted wanted_;
  std::vector<std::pair<std::size_t, std::size_t>> network_;
  std::vector<float> block_, column_, limited_;  // [member][point], ascending in members
  Lane block_truth_{}, block_climate_{};
  std::vector<Lane> lanes_;
};

}  // namespace ladcast
