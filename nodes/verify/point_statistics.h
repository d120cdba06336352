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

/// Names of the first lanes; see map_scorer.h for formulas. NaN where a statistic
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
  kBelow,            // members below the truth; where ranks are wanted
  kTied,             // members equal to it; the same
  kMembers,          // that are there; 0 where none is
  kErrorSpread,      // where wanted
  kDawidSebastiani,  // where wanted
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
  bool ranks = false;  // kBelow and kTied
  bool error_spread = false;
  bool dawid_sebastiani = false;
  bool spread_without_truth = false;  // kCrpsSpread also where there is no truth; 0 of one member

  std::size_t lane_of(std::size_t event, EventLane lane) const {
    return kEvents + event * kPerEvent + lane;
  }
  std::size_t lane_of_quantile(std::size_t quantile) const {
    return kEvents + events.size() * kPerEvent + quantile;
  }
  std::size_t lanes() const { return lane_of_quantile(quantiles.size()); }
};

/// The members of neighbouring points, in ascending order at each: rows `stride` apart.
struct SortedMembers {
  const float* first;
  std::size_t members, stride;

  const float* operator[](std::size_t member) const { return first + member * stride; }
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
  std::array<unsigned, kBlock> incomplete_points() const;
  void form_block();
  void form_incomplete(std::size_t column);
  // Inlined, so that they are compiled for the processor of the clone that they are in.
  template <std::size_t W>
  [[gnu::always_inline]] inline void form(const SortedMembers& sorted, std::size_t column);
  template <std::size_t W>
  [[gnu::always_inline]] inline void form_error_spread(const SortedMembers& sorted,
                                                       std::size_t column);
  template <std::size_t W>
  [[gnu::always_inline]] inline void form_dawid_sebastiani(std::size_t column);
  template <std::size_t W, typename Condition, typename Limit>
  [[gnu::always_inline]] inline void form_event(const SortedMembers& sorted, std::size_t column,
                                                std::size_t e, Condition holds, Limit limit);
  template <std::size_t W>
  [[gnu::always_inline]] inline void store(const std::array<double, W>& points, std::size_t lane,
                                           std::size_t column);

  std::span<const std::span<const float>> members_;
  std::span<const float> truth_, climatology_;
  StatisticsWanted wanted_;
  std::vector<std::pair<std::size_t, std::size_t>> network_;
  std::vector<float> block_;   // [member][point], ascending in members
  std::vector<float> column_;  // the members that are there at one point
  Lane block_truth_{}, block_climate_{};
  std::vector<Lane> lanes_;
};

}  // namespace ladcast
