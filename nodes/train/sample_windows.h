// Which windows of an archive an iteration learns from, and the parameters that say so.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "graph/node.h"
#include "nodes/train/sample_order.h"
#include "nodes/train/samples.h"
#include "nodes/values/time_param.h"

namespace ladcast {

/// The parameters that `samples` and `latent_samples` share.
struct WindowParams {
  explicit WindowParams(Stage* stage, int frames_of_a_window = 1);

  Param<int> batch;
  Param<int> frames;
  Param<std::string> choose;
  Param<int> every_hours;
  Param<int> repeats;
  Param<Time> first, last;
  Param<std::vector<int>> shard;

  /// Reports that the plan has no iterations.
  void check(Shape& shape) const;
};

class SampleWindows {
 public:
  /// The windows whose frames are all among `there`, from `first` to `last`. Throws Error where
  /// there is none; `source` is what messages call the archive.
  SampleWindows(const WindowParams& params, const std::set<Time>& there, int step_hours,
                std::uint64_t seed, const std::string& source);

  struct Batch {
    std::vector<Time> times;  // of the first frames
    int repeat;
    double epoch;
  };
  /// Whether all iterations have the same windows.
  bool same() const { return same_; }
  /// Of an iteration, from 1.
  Batch at(int iteration) const;

 private:
  static std::vector<Time> complete(const WindowParams& params, const std::set<Time>& there,
                                    int step_hours, const std::string& source);

  std::vector<Time> times_;
  std::size_t batch_;
  bool same_;  // for all iterations
  int repeats_;
  SampleOrder order_;
};

}  // namespace ladcast
