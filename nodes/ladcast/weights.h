// The tensors of a network by their published names: one description reads, counts, lists and
// saves.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "nodes/ladcast/safetensors.h"

namespace ladcast {

using Sizes = std::vector<std::int64_t>;

/// Called for each tensor of a network: its full name, its shape and the member that holds it.
using VisitTensor =
    std::function<void(const std::string& name, const Sizes& shape, at::Tensor& slot)>;

/// A place in the tree of modules, for example "encoder.down_blocks.3". Borrows the visitor.
class Scope {
 public:
  explicit Scope(const VisitTensor& visit) : visit_(&visit) {}

  Scope in(std::string_view module) const { return {visit_, path(module)}; }
  Scope in(std::string_view list, std::size_t index) const {
    return in(std::string(list) + '.' + std::to_string(index));
  }
  void tensor(std::string_view name, const Sizes& shape, at::Tensor& slot) const {
    (*visit_)(path(name), shape, slot);
  }

 private:
  Scope(const VisitTensor* visit, std::string prefix) : visit_(visit), prefix_(std::move(prefix)) {}
  std::string path(std::string_view name) const {
    return prefix_.empty() ? std::string(name) : prefix_ + '.' + std::string(name);
  }

  const VisitTensor* visit_;
  std::string prefix_;
};

struct TensorShape {
  std::string name;
  Sizes shape;
};

/// Walks all tensors of one network.
using DescribeNetwork = std::function<void(const VisitTensor&)>;

/// Names and shapes, in the order of the description. Allocates no tensor.
std::vector<TensorShape> list_tensors(const DescribeNetwork& describe);

/// Number of values of all tensors.
std::int64_t count_parameters(const std::vector<TensorShape>& tensors);

/// Fills each slot with a private copy of the tensor of that name, as `dtype` on `device`.
/// Throws one Error that begins with `where` and lists every missing, unexpected and mis-shaped
/// tensor by name.
void fill_weights(const DescribeNetwork& describe, const NamedTensors& tensors,
                  const std::string& where, at::Device device, at::ScalarType dtype);

/// The tensors in the slots by name, as they are.
NamedTensors collect_weights(const DescribeNetwork& describe);

}  // namespace ladcast
