// Reads a single tensor saved by torch.save, the published form of LaDCast's static fields.
#pragma once

#include <ATen/core/Tensor.h>

#include <filesystem>

namespace ladcast {

/// The tensor of a .pt file, row-major float32 or float64. Strides are honoured: the published
/// land-sea mask is stored column by column.
/// Reads one form only, a zip archive whose pickle (protocol 2) is one call of
/// torch._utils._rebuild_tensor_v2 on a CPU FloatStorage or DoubleStorage; nothing is executed.
/// Throws Error for every other content.
at::Tensor read_pt(const std::filesystem::path& file);

}  // namespace ladcast
