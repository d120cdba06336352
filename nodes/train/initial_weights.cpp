#include "nodes/train/initial_weights.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>

#include <cmath>
#include <map>

#include "graph/random.h"

namespace ladcast {
namespace {

std::string without(const std::string& name, std::string_view ending) {
  return name.ends_with(ending) ? name.substr(0, name.size() - ending.size()) : "";
}

}  // namespace

void start_at_random(const DescribeNetwork& describe, std::uint64_t seed) {
  // The inputs of each layer: a bias is drawn within the bounds of its matrix.
  std::map<std::string, double> inputs;
  for (const auto& [name, shape] : list_tensors(describe))
    if (const auto layer = without(name, ".weight"); shape.size() > 1 && !layer.empty()) {
      double count = 1;
      for (std::size_t i = 1; i < shape.size(); ++i) count *= static_cast<double>(shape[i]);
      inputs[layer] = count;
    }
  describe([&](const std::string& name, const Sizes& shape, at::Tensor& slot) {
    const bool is_bias = name.ends_with(".bias");
    const auto layer = inputs.find(without(name, is_bias ? ".bias" : ".weight"));
    if (layer == inputs.end()) {
      slot = at::full(shape, is_bias ? 0.0 : 1.0, at::TensorOptions(at::kFloat));
      return;
    }
    const double bound = 1.0 / std::sqrt(layer->second);
    auto generator = at::detail::createCPUGenerator(fnv1a(name, seed));
    slot = at::empty(shape, at::TensorOptions(at::kFloat)).uniform_(-bound, bound, generator);
  });
}

}  // namespace ladcast
