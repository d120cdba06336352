// How much memory the networks take, from their configuration alone.
#pragma once

#include <filesystem>

#include "graph/stage.h"
#include "nodes/values/grid.h"
#include "nodes/values/model.h"

namespace ladcast {

/// fp32 weights, and the activations of one call with `batch` maps on `grid`. Zero where there is
/// no configuration yet.
Memory autoencoder_memory(const std::filesystem::path& folder, const Grid& grid, int batch);

/// fp32 weights, and the activations of sampling `batch` members.
Memory forecaster_memory(const Model& model, int batch);

}  // namespace ladcast
