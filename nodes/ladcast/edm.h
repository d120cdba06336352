// EDM sampling (Karras et al. 2022, arXiv 2206.00364): noise schedule, preconditioning, Heun
// solver.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>
#include <vector>

#include "graph/error.h"
#include "nodes/ladcast/module_trace.h"
#include "nodes/ladcast/transformer.h"

namespace ladcast {

/// Noise levels and the coefficients at each of them, rounded to float32 as the reference has them.
struct Schedule {
  std::vector<float> sigma;  // falling, `steps` values and a final 0
  std::vector<float>
      c_in;  // 1 / sqrt(sigma^2 + sigma_data^2); this and the next three: `steps` values
  std::vector<float> c_skip;   // sigma_data^2 / (sigma^2 + sigma_data^2)
  std::vector<float> c_out;    // sigma sigma_data / sqrt(sigma^2 + sigma_data^2)
  std::vector<float> c_noise;  // ln(sigma) / 4

  /// sigma_i = (max^(1/rho) + i / (steps - 1) (min^(1/rho) - max^(1/rho)))^rho (eq. 5 of the
  /// paper). Throws Error unless steps >= 2, 0 < sigma_min < sigma_max, rho > 0 and sigma_data > 0.
  static Schedule karras(int steps, double sigma_min, double sigma_max, double rho,
                         double sigma_data);

  std::size_t steps() const { return c_in.size(); }
};

/// Thrown by sample() when it was asked to stop.
class Stopped : public Error {
 public:
  Stopped() : Error("stopped between two solver steps") {}
};

/// Forecast of one block of frames.
///
/// condition [1 or B, C, S, H, W] in normalised latent space; noise [B, C, T, H, W] of unit
/// variance; timestamp = YYYYMMDDHH of the last condition frame. Returns [B, C, T, H, W] float32,
/// normalised. Heun's method (algorithm 1 without churn), state in float64, 2 steps - 1 network
/// evaluations. `stopping` is polled before each solver step. The networks' device and dtype are
/// used. A trace receives "CALL.x" and "CALL.denoised" of each network evaluation, CALL = 0, 1, …
at::Tensor sample(const Forecaster& forecaster, const Schedule& schedule,
                  const at::Tensor& condition, const at::Tensor& noise, std::int64_t timestamp,
                  const std::function<bool()>& stopping, const ModuleTrace& trace = {});

}  // namespace ladcast
