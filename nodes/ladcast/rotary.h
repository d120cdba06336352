// Rotary position embedding over time, latitude and longitude.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

#include "nodes/ladcast/config.h"

namespace ladcast {

/// Cosines and sines of tokens in the order time, latitude, longitude: each [tokens, head_dim / 2],
/// one value for each pair of neighbouring channels; float32, or float64 where asked for.
struct RotaryTable {
  at::Tensor cosine;
  at::Tensor sine;
};

/// The token grid of one tensor.
struct TokenGrid {
  std::int64_t first_time;  // of the first frame; the condition ends at 0, the forecast starts at 1
  std::int64_t times, rows, columns;

  std::int64_t tokens() const { return times * rows * columns; }
};

/// Angles are coordinate * theta^(-2k/d) for k = 0 .. d/2 - 1 of each axis with d channels.
/// `axes` = channels of time, latitude and longitude; latitudes and longitudes run linearly from
/// config.rope_start to config.rope_end over the rows and columns of the grid. All angles are 0
/// where positions are learned.
RotaryTable rotary_table(const ForecasterConfig& config, const std::array<std::int64_t, 3>& axes,
                         const TokenGrid& grid, at::Device device, at::ScalarType dtype);

/// Norms and turns heads: y = rotate(x / sqrt(mean(x^2) + eps) * weight) over the last axis.
/// x [B, N, heads, head_dim], weight [head_dim]. Without a table nothing is turned.
/// May write into x, and then returns it.
at::Tensor norm_and_rotate(at::Tensor x, const at::Tensor& weight, double eps,
                           const RotaryTable* table);

}  // namespace ladcast
