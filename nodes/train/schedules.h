// How the learning rate and the averaging of weights go on with the steps of a training.
#pragma once

#include <cstdint>

namespace ladcast {

/// A rise from 0 over `warm_up` steps, then half a cosine down to 0 at step `steps`; where that is
/// 0 the rate stays. A search (the range test of Smith 2017, arXiv 1506.01186) rises instead from
/// peak / 10,000 to the peak at step `steps`, by the same factor in each step.
struct LearningRate {
  double peak = 1e-4;
  std::int64_t warm_up = 1000;
  std::int64_t steps = 0;
  bool searches = false;

  /// Of the update after `step` updates.
  double at(std::int64_t step) const;
};

/// The exponential moving average of weights, average = decay average + (1 - decay) weights, with
/// a decay that grows: 1 - (1 + s)^-power, s being the updates since `begin`; before, the average
/// is the weights themselves. (diffusers 0.32.1, training_utils.py:419-436.)
struct MovingAverage {
  double largest = 0.9999;
  double power = 2.0 / 3.0;
  std::int64_t begin = 1000;

  /// The decay of the average after `update`, the first update being 1.
  double decay(std::int64_t update) const;
};

}  // namespace ladcast
