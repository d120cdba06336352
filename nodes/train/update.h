// One update of the weights of a network.
#pragma once

#include <vector>

#include "nodes/train/adamw.h"
#include "nodes/train/learned_weights.h"
#include "nodes/train/schedules.h"

namespace ladcast {

struct UpdateRules {
  LearningRate rate;
  MovingAverage moving;
  double clip = 1.0;  // largest norm of the gradient; infinity where it stays as it is
};

/// Clips the gradients, takes a step of the optimiser with the rate of its number, and brings the
/// average up to date (reference: train_AR.py, as accelerate orders them). Returns the norm of the
/// gradient before clipping; where that is not finite, nothing is changed.
double update_weights(AdamW& optimiser, AverageWeights& average,
                      const std::vector<Parameter>& parameters, const UpdateRules& rules);

}  // namespace ladcast
