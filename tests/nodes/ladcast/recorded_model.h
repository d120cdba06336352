// The channels of the published model as data/channels.json records them.
#pragma once

#include <ATen/core/Tensor.h>

#include "nodes/values/fields.h"
#include "nodes/values/model.h"
#include "nodes/values/moments.h"

namespace ladcast::test {

struct RecordedModel {
  Model model;  // channels and fills; its grid is `rows` x `columns`
  Moments moments;
};

/// Reads parity_folder()/data/channels.json.
RecordedModel recorded_model(std::size_t rows, std::size_t columns,
                             std::vector<std::size_t> crop_rows = {});

/// maps [L, C, H, W] as Fields of one member with L leads.
Fields fields_of(const at::Tensor& maps, const std::vector<Channel>& channels, const Grid& grid,
                 bool normalised = false);

/// The way back.
at::Tensor tensor_of(const Fields& fields);

}  // namespace ladcast::test
