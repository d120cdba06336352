#include "nodes/train/learned_weights.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

namespace ladcast {
namespace {

std::vector<at::Tensor> values_of(const std::vector<Parameter>& parameters) {
  std::vector<at::Tensor> values;
  for (const auto& parameter : parameters) values.push_back(parameter.value.detach());
  return values;
}

}  // namespace

std::vector<Parameter> make_learnable(const DescribeNetwork& describe) {
  std::vector<Parameter> parameters;
  describe([&](const std::string& name, const Sizes&, at::Tensor& slot) {
    slot = slot.detach().to(at::kFloat).clone().set_requires_grad(true);
    parameters.push_back({name, slot});
  });
  return parameters;
}

void put_weights(const DescribeNetwork& describe, const std::vector<Parameter>& parameters,
                 at::ScalarType type) {
  auto parameter = parameters.begin();
  describe([&](const std::string&, const Sizes&, at::Tensor& slot) {
    slot = (parameter++)->value.to(type);
  });
}

AverageWeights::AverageWeights(const std::vector<Parameter>& parameters) {
  for (const auto& value : values_of(parameters)) values_.push_back(value.clone());
}

void AverageWeights::update(const std::vector<Parameter>& parameters, double decay) {
  const at::NoGradGuard no_gradients;
  at::_foreach_lerp_(values_, values_of(parameters), 1.0 - decay);
}

}  // namespace ladcast
