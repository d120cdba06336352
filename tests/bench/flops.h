// How many floating point operations the networks need, from their configurations alone.
//
// A multiply-add is two operations, attention is 4 Sq Skv D. What grows with the number of values
// only (norms, activations, sums) is left out: it is below one percent and bound by memory.
#pragma once

#include <cstdint>

#include "nodes/ladcast/config.h"

namespace ladcast {

struct Flops {
  double linear = 0;  // matrix products and convolutions
  double attention = 0;

  double total() const { return linear + attention; }
  Flops& operator+=(const Flops& other);
  friend Flops operator+(Flops a, const Flops& b) { return a += b; }
  friend Flops operator*(double n, const Flops& f) { return {n * f.linear, n * f.attention}; }
};

/// Of one member.
struct TokenCounts {
  std::int64_t latent, condition;

  std::int64_t all() const { return latent + condition; }
};

/// The tokens of `frames` latent frames and one frame of condition.
TokenCounts token_counts(const ForecasterConfig& config, std::int64_t frames, std::int64_t rows,
                         std::int64_t columns);

/// One evaluation of one member as the reference computes it: all parts anew each time, and all
/// tokens of the last single block.
Flops reference_evaluation_flops(const ForecasterConfig& config, TokenCounts tokens);

/// What begin_forecast(), at_noise_level() and evaluate() compute for one member.
Flops begin_forecast_flops(const ForecasterConfig& config, TokenCounts tokens);
Flops noise_level_flops(const ForecasterConfig& config, TokenCounts tokens);
Flops evaluation_flops(const ForecasterConfig& config, TokenCounts tokens);

/// What sample() computes for `members`: with each noise level once for each of `conditions`, which
/// are one or as many as the members, and 2 steps - 1 evaluations.
Flops sample_flops(const ForecasterConfig& config, TokenCounts tokens, int steps, int members,
                   int conditions);

/// A block on its own, without its modulation vectors.
Flops dual_block_flops(const ForecasterConfig& config, TokenCounts tokens);
Flops single_block_flops(const ForecasterConfig& config, TokenCounts tokens);

/// Whether the two rows beside the poles count twice, as SphereConv computes them: once with the
/// kernel as it is, once with its flipped one.
enum class PoleRows { once, twice };

/// A convolution on the sphere over a map.
double sphere_conv_flops(std::int64_t out, std::int64_t in_of_group, std::int64_t kernel,
                         std::int64_t rows, std::int64_t columns, PoleRows poles);

/// Of one frame of rows x columns points of the grid.
double encode_flops(const AutoencoderConfig& config, std::int64_t rows, std::int64_t columns,
                    PoleRows poles);
double decode_flops(const AutoencoderConfig& config, std::int64_t rows, std::int64_t columns,
                    PoleRows poles);

}  // namespace ladcast
