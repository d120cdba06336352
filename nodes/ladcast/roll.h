// Turning maps on the torus of their rows and columns, the augmentation of the reference's
// training.
#pragma once

#include <ATen/core/Tensor.h>

namespace ladcast {

/// maps [B, C, H, W], corners [B, 2] int64 = (x, y) of the new top left corner of each batch item:
/// output[y', x'] = input[y' + y, x' + x], indices modulo the size.
at::Tensor roll_maps(const at::Tensor& maps, const at::Tensor& corners);

}  // namespace ladcast
