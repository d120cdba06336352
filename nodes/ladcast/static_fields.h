// The static fields that the autoencoder sees beside its channels.
#pragma once

#include <ATen/core/Tensor.h>

#include "nodes/values/model.h"

namespace ladcast {

/// [1, S, H, W] float32 on the networks' grid, normalised by their own mean and unbiased deviation
/// (ladcast.md 1.3: crop first). Reads .pt files as published, in the order of the model folder, or
/// NetCDF by name. Throws Error that names every field that is not there.
at::Tensor read_static_fields(const Model& model);

}  // namespace ladcast
