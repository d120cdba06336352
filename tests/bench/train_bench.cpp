// Times updates of both trainings on random samples: forward, backward, clipping, AdamW, average.
//
//   build/tests/bench/train_bench [MODEL] [THREADS] [UPDATES]
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <functional>

#include "nodes/ladcast/dcae.h"
#include "nodes/train/adamw.h"
#include "nodes/train/initial_weights.h"
#include "nodes/train/learned_weights.h"
#include "nodes/train/losses.h"
#include "nodes/train/schedules.h"
#include "nodes/values/model.h"

namespace ladcast {
namespace {

/// Milliseconds of each update, sorted.
std::vector<double> time_updates(const DescribeNetwork& describe,
                                 const std::function<void()>& prepare,
                                 const std::function<at::Tensor()>& loss, int updates) {
  start_at_random(describe, 1);
  const auto parameters = make_learnable(describe);
  AdamW optimiser(parameters, {});
  AverageWeights average(parameters);
  std::vector<double> times;
  for (int i = -3; i < updates; ++i) {
    const auto start = std::chrono::steady_clock::now();
    put_weights(describe, parameters, at::kFloat);
    prepare();
    loss().backward();
    optimiser.clip(1.0);
    optimiser.step(1e-4);
    average.update(parameters, 0.99);
    const std::chrono::duration<double, std::milli> taken =
        std::chrono::steady_clock::now() - start;
    if (i >= 0) times.push_back(taken.count());
  }
  std::sort(times.begin(), times.end());
  return times;
}

void report(const char* what, const std::vector<double>& times) {
  fmt::print("{}: min {:.1f} ms, median {:.1f} ms, max {:.1f} ms of {} updates\n", what,
             times.front(), times[times.size() / 2], times.back(), times.size());
}

void run(const Model& model, int updates) {
  const auto grid = model.network_grid();
  const auto rows = static_cast<std::int64_t>(grid.rows());
  const auto columns = static_cast<std::int64_t>(grid.columns());
  Autoencoder autoencoder(read_autoencoder_config(model.autoencoder));
  const AutoencoderBatch fields{
      at::randn({4, autoencoder.config.dynamic_channels(), rows, columns}),
      at::randn({1, autoencoder.config.static_channels, rows, columns}), at::Tensor(),
      at::ones({1, 1, rows, 1})};
  report("autoencoder, batch 4",
         time_updates([&](const VisitTensor& visit) { autoencoder.describe(visit); },
                      [&] { autoencoder.prepare(); },
                      [&] { return autoencoder_loss(autoencoder, fields); }, updates));

  Forecaster forecaster(read_forecaster_config(model.forecaster));
  const LatentShape& l = model.latent;
  const ForecasterBatch latents{at::randn({8, l.channels, 1, l.rows, l.columns}),
                                at::randn({8, l.channels, model.frames, l.rows, l.columns}),
                                at::full({8}, 2001010100, at::TensorOptions(at::kLong)),
                                at::randn({8, l.channels, model.frames, l.rows, l.columns}),
                                noise_levels(at::randn({8}), {}, model.sampler),
                                at::ones({1, 1, 1, l.rows, 1})};
  report(
      "forecaster, batch 8",
      time_updates([&](const VisitTensor& visit) { forecaster.describe(visit); },
                   [&] { forecaster.prepare(); },
                   [&] { return forecaster_loss(denoised_latents(forecaster, latents), latents); },
                   updates));
}

}  // namespace
}  // namespace ladcast

int main(int argc, char** argv) {
  const char* model = argc > 1 ? argv[1] : "pipelines/models/small-planet";
  at::set_num_threads(argc > 2 ? std::stoi(argv[2]) : 2);
  at::manual_seed(1);
  ladcast::run(ladcast::Model::read(model), argc > 3 ? std::stoi(argv[3]) : 15);
}
