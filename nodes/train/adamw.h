// AdamW with decoupled weight decay (Loshchilov and Hutter 2019, arXiv 1711.05101).
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string>
#include <vector>

#include "nodes/ladcast/safetensors.h"

namespace ladcast {

/// One tensor that is learned: float32, a leaf of the gradients' graph.
struct Parameter {
  std::string name;
  at::Tensor value;
  double rate = 1.0;          // times the learning rate
  double weight_decay = 0.0;  // times learning rate and value, taken off in each step
};

struct AdamWOptions {
  double beta1 = 0.9, beta2 = 0.999, eps = 1e-8;
};

class AdamW {
 public:
  AdamW(std::vector<Parameter> parameters, const AdamWOptions& options);

  /// Scales all gradients alike so that their common L2 norm is at most `most`; returns that norm
  /// before.
  double clip(double most);

  /// One update with the gradients that are there; they are gone afterwards.
  void step(double learning_rate);

  std::int64_t steps() const { return steps_; }

  /// What a training needs to go on: NAME.mean and NAME.square of each parameter.
  NamedTensors state() const;
  void restore(const NamedTensors& state, std::int64_t steps);

 private:
  struct Group {  // of parameters with one rate and one weight decay
    double rate, weight_decay;
    std::vector<at::Tensor> values, means, squares, steps;
  };

  std::vector<Parameter> parameters_;
  AdamWOptions options_;
  std::vector<Group> groups_;
  std::vector<at::Tensor> means_, squares_;  // by parameter
  std::int64_t steps_ = 0;
};

}  // namespace ladcast
