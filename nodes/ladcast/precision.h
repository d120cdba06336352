// The number format in which a network computes.
#pragma once

#include <c10/core/ScalarType.h>

#include "graph/param.h"

namespace ladcast {

/// The parameter `precision` of encode, denoise and decode.
inline ParamOptions<std::string> precision_options() {
  return {.fallback = "fp32", .choices = {"fp32", "bf16", "fp16"}};
}

inline at::ScalarType to_scalar_type(const std::string& precision) {
  return precision == "bf16" ? at::kBFloat16 : precision == "fp16" ? at::kHalf : at::kFloat;
}

}  // namespace ladcast
