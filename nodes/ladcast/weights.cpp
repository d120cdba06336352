#include "nodes/ladcast/weights.h"

#include <ATen/ATen.h>

#include <set>

#include "graph/error.h"

namespace ladcast {

std::vector<TensorShape> list_tensors(const DescribeNetwork& describe) {
  std::vector<TensorShape> list;
  describe([&list](const std::string& name, const Sizes& shape, at::Tensor&) {
    list.push_back({name, shape});
  });
  return list;
}

std::int64_t count_parameters(const std::vector<TensorShape>& tensors) {
  std::int64_t total = 0;
  for (const auto& tensor : tensors) {
    std::int64_t values = 1;
    for (const auto extent : tensor.shape) values *= extent;
    total += values;
  }
  return total;
}

void fill_weights(const DescribeNetwork& describe, const NamedTensors& tensors,
                  const std::string& where, at::Device device, at::ScalarType dtype) {
  std::set<std::string> known;
  std::string problems;
  describe([&](const std::string& name, const Sizes& shape, at::Tensor&) {
    known.insert(name);
    const auto found = tensors.find(name);
    if (found == tensors.end())
      problems += fmt::format("\n  missing: {} [{}]", name, fmt::join(shape, ", "));
    else if (found->second.sizes() != at::IntArrayRef(shape))
      problems += fmt::format("\n  wrong shape: {} is [{}], expected [{}]", name,
                              fmt::join(found->second.sizes().vec(), ", "), fmt::join(shape, ", "));
    else if (!found->second.is_floating_point())
      problems += fmt::format("\n  wrong type: {} is {}, expected a floating point type", name,
                              at::toString(found->second.scalar_type()));
  });
  for (const auto& [name, tensor] : tensors)
    if (!known.contains(name))
      problems +=
          fmt::format("\n  unexpected: {} [{}]", name, fmt::join(tensor.sizes().vec(), ", "));
  if (!problems.empty())
    fail("{}: the weights are not those of the network that config.json describes:{}", where,
         problems);

  describe([&](const std::string& name, const Sizes&, at::Tensor& slot) {
    slot = tensors.at(name).to(device, dtype, /*non_blocking=*/false, /*copy=*/true);
  });
}

NamedTensors collect_weights(const DescribeNetwork& describe) {
  NamedTensors tensors;
  describe([&](const std::string& name, const Sizes&, at::Tensor& slot) { tensors[name] = slot; });
  return tensors;
}

}  // namespace ladcast
