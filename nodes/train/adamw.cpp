#include "nodes/train/adamw.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>

namespace ladcast {
namespace {

std::vector<at::Tensor> gradients(const std::vector<at::Tensor>& values) {
  std::vector<at::Tensor> all;
  for (const auto& value : values)
    all.push_back(value.grad().defined() ? value.grad() : at::zeros_like(value));
  return all;
}

}  // namespace

AdamW::AdamW(std::vector<Parameter> parameters, const AdamWOptions& options)
    : parameters_(std::move(parameters)), options_(options) {
  for (const auto& parameter : parameters_) {
    const auto value = parameter.value.detach();
    means_.push_back(at::zeros_like(value));
    squares_.push_back(at::zeros_like(value));
    auto group = std::find_if(groups_.begin(), groups_.end(), [&](const Group& each) {
      return each.rate == parameter.rate && each.weight_decay == parameter.weight_decay;
    });
    if (group == groups_.end())
      group = groups_.insert(group, Group{parameter.rate, parameter.weight_decay, {}, {}, {}, {}});
    group->values.push_back(parameter.value);
    group->means.push_back(means_.back());
    group->squares.push_back(squares_.back());
    group->steps.push_back(at::zeros({}, value.options()));
  }
}

double AdamW::clip(double most) {
  std::vector<at::Tensor> all;
  for (const auto& parameter : parameters_)
    if (parameter.value.grad().defined()) all.push_back(parameter.value.grad());
  if (all.empty()) return 0.0;
  const auto norm = at::linalg_vector_norm(at::stack(at::_foreach_norm(all)));
  at::_foreach_mul_(all, at::clamp_max(most / (norm + 1e-6), 1.0));
  return norm.item<double>();
}

void AdamW::step(double learning_rate) {
  const at::NoGradGuard no_gradients;
  ++steps_;
  for (auto& group : groups_) {
    at::_foreach_add_(group.steps, 1);
    at::_fused_adamw_(group.values, gradients(group.values), group.means, group.squares, {},
                      group.steps, learning_rate * group.rate, options_.beta1, options_.beta2,
                      group.weight_decay, options_.eps, /*amsgrad=*/false, /*maximize=*/false);
  }
  for (auto& parameter : parameters_) parameter.value.mutable_grad() = at::Tensor();
}

NamedTensors AdamW::state() const {
  NamedTensors state;
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    state[parameters_[i].name + ".mean"] = means_[i];
    state[parameters_[i].name + ".square"] = squares_[i];
  }
  return state;
}

void AdamW::restore(const NamedTensors& state, std::int64_t steps) {
  const at::NoGradGuard no_gradients;
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    means_[i].copy_(state.at(parameters_[i].name + ".mean"));
    squares_[i].copy_(state.at(parameters_[i].name + ".square"));
  }
  for (auto& group : groups_)
    for (auto& each : group.steps) each.fill_(steps);
  steps_ = steps;
}

}  // namespace ladcast
