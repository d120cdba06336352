// How good the weights of a training are on samples that it does not learn from.
#pragma once

#include <functional>
#include <vector>

#include "nodes/ladcast/dcae.h"
#include "nodes/ladcast/transformer.h"
#include "nodes/train/samples.h"
#include "nodes/train/training_step.h"
#include "nodes/values/model.h"
#include "nodes/values/moments.h"

namespace ladcast {

/// What encoding and decoding loses of the first frames of `windows`, weighted by area and over the
/// points that are not missing: the mean over channels of the RMSE in standard deviations, then the
/// RMSE of each channel in its unit.
std::vector<Metric> score_autoencoder(const Autoencoder& autoencoder, const Samples& windows,
                                      const std::vector<Channel>& channels, const Moments& moments);

struct ForecastScoring {
  int members = 4;  // none: no forecast is made
  int steps = 10;   // of the sampler
};

/// In normalised latent space, where channels have the standard deviation model.target_std, and
/// weighted by area: the fair CRPS of an ensemble from the first frame of each window and the RMSE
/// of its mean, for each of the model's leads; the RMSE of one evaluation at the largest noise,
/// which is the mean of all forecasts, at the first lead and the last. The noise
/// is the same for all windows and all weights. `stopping` is polled between solver steps.
std::vector<Metric> score_forecaster(const Forecaster& forecaster, const Samples& windows,
                                     const Model& model, const ForecastScoring& how,
                                     const std::function<bool()>& stopping = {});

}  // namespace ladcast
