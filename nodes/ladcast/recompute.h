// Blocks whose activations are computed again in the backward pass instead of kept (Chen et al.
// 2016, arXiv 1604.06174).
#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <vector>

namespace ladcast {

using Tensors = std::vector<at::Tensor>;
using BlockFunction = std::function<Tensors(const Tensors& inputs)>;

/// What `block` makes of `inputs`. Its weights get their gradients in the backward pass too. There,
/// `block` is called a second time: what it refers to must live until then, and it must not draw
/// random numbers. At least one input must need a gradient.
Tensors recomputed(const Tensors& inputs, BlockFunction block);

}  // namespace ladcast
