// Mean and standard deviation of analyses of many years by hour and day of the year.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include "nodes/values/fields.h"

namespace ladcast {

/// Takes analyses one by one and keeps, for each hour and day of the year, the number, the mean and
/// (where asked for) the sum of squared deviations at each point, in double (Welford 1962). Missing
/// values are left out point by point. In a year of 365 days the last counts as day 366 too.
class ClimatologySums {
 public:
  /// An hour and a day, 1 to 366, of the year.
  using Slot = std::pair<int, int>;

  ClimatologySums(std::size_t channels, std::size_t points, bool deviation);

  /// The most that `slots` of them take.
  static std::size_t bytes(std::size_t slots, std::size_t channels, std::size_t points,
                           bool deviation);

  /// The slots of an analysis: its own, and day 366 on the last day of a common year.
  static std::vector<Slot> slots_of(Time valid);

  /// Requires: one member and one lead, with the channels and points of all others.
  void add(const Fields& analysis);

  /// How many analyses were added to a slot.
  std::size_t count(const Slot& slot) const;

  /// One channel of one slot, over a window of days centred on it whose weights fall linearly from
  /// the middle to 0 at both ends, on the circle of 366 days; a point without values is NaN. All
  /// values of a window together have one mean, from which the deviation (of the population) is
  /// taken, as WeatherBench 2's compute_rolling_stat has it. `deviation` may be empty. False, and
  /// nothing is done, where the window holds no analysis.
  /// Requires: window_days is odd, 3 to 365. Thread-safe once all is added.
  bool smooth(const Slot& slot, std::size_t channel, int window_days, std::span<float> mean,
              std::span<float> deviation) const;

 private:
  struct Moments {
    std::size_t count = 0;                            // analyses
    std::vector<double> mean, squares;                // [channel][point]; of the values there are
    std::vector<std::vector<std::uint16_t>> missing;  // [channel]; empty, or by point
  };
  static void add_map(Moments& moments, std::size_t channel, std::span<const float> map,
                      bool deviation);
  template <class Loop>
  static void with_counts(const Moments& part, std::size_t channel, double weight, Loop loop);
  std::vector<std::pair<const Moments*, double>> window(const Slot& slot, int window_days) const;

  std::size_t channels_, points_;
  bool deviation_;
  std::map<Slot, Moments> slots_;
};

}  // namespace ladcast
