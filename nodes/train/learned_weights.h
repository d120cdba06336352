// The weights of a network that learns: float32, with gradients, and their running average.
#pragma once

#include <vector>

#include "nodes/ladcast/weights.h"
#include "nodes/train/adamw.h"

namespace ladcast {

/// Makes each tensor of the network a float32 leaf that wants a gradient. The parameters share
/// them.
std::vector<Parameter> make_learnable(const DescribeNetwork& describe);

/// Puts the parameters' values into the network, in the order of its description and in the number
/// format in which it shall compute; gradients flow back to the parameters.
void put_weights(const DescribeNetwork& describe, const std::vector<Parameter>& parameters,
                 at::ScalarType type);

/// The exponential moving average of parameters.
class AverageWeights {
 public:
  /// Begins with the values of the parameters.
  explicit AverageWeights(const std::vector<Parameter>& parameters);

  /// average = decay average + (1 - decay) values.
  void update(const std::vector<Parameter>& parameters, double decay);

  const std::vector<at::Tensor>& values() const { return values_; }

 private:
  std::vector<at::Tensor> values_;
};

}  // namespace ladcast
