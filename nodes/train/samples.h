// Samples: what one update of a training learns from.
#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "graph/payload.h"
#include "graph/time.h"

namespace ladcast {

/// B windows of T frames each, normalised: of fields or of latents.
struct Samples {
  at::Tensor values;        // float32 [B, C, T, H, W]; missing points filled
  at::Tensor missing;       // bool, like `values`: filled points; undefined where there is none
  at::Tensor statics;       // float32 [1 or B, S, H, W]; undefined of latents
  at::Tensor weights;       // float32 [1 or B, 1, H, 1]: cosines of the latitudes over their mean
  std::vector<Time> times;  // of the first frame of each window
  int step_hours = 6;       // from one frame to the next
  int repeat = 0;           // how often these windows came before
  double epoch = 0.0;       // how often the whole set was seen before
};

/// "2000-07-01T06, 2001-03-04T18": which windows, for messages.
std::string name_of(const std::vector<Time>& times);
inline std::string name_of(const Samples& samples) { return name_of(samples.times); }

template <>
struct PayloadTraits<Samples> {
  static constexpr const char* name = "Samples";
  static std::size_t bytes(const Samples& samples);
  static std::vector<ArrayView> arrays(const Samples& samples);
};

}  // namespace ladcast
