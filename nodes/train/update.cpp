#include "nodes/train/update.h"

#include <cmath>

namespace ladcast {

double update_weights(AdamW& optimiser, AverageWeights& average,
                      const std::vector<Parameter>& parameters, const UpdateRules& rules) {
  const double norm = optimiser.clip(rules.clip);
  if (!std::isfinite(norm)) return norm;
  optimiser.step(rules.rate.at(optimiser.steps()));
  average.update(parameters, rules.moving.decay(optimiser.steps()));
  return norm;
}

}  // namespace ladcast
