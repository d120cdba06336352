#include "nodes/train/training_step.h"

#include <ATen/core/Tensor.h>

namespace ladcast {

std::size_t PayloadTraits<TrainingStep>::bytes(const TrainingStep& step) {
  std::size_t total = sizeof(TrainingStep);
  if (step.network)
    for (const auto& [name, tensor] : step.network->weights) total += tensor.nbytes();
  return total;
}

std::vector<ArrayView> PayloadTraits<TrainingStep>::arrays(const TrainingStep& step) {
  const auto numbers = std::make_shared<std::vector<float>>();
  for (const double value : {step.loss, step.gradient_norm, step.learning_rate})
    numbers->push_back(static_cast<float>(value));
  for (const Metric& metric : step.validation) numbers->push_back(static_cast<float>(metric.value));
  return {{"loss, gradient norm, learning rate, validation", {numbers->size()}, *numbers, numbers}};
}

}  // namespace ladcast
