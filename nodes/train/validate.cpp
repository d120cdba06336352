#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>

#include <cmath>

#include "graph/node.h"
#include "nodes/ladcast/dcae.h"
#include "nodes/ladcast/edm.h"
#include "nodes/ladcast/noise.h"
#include "nodes/ladcast/time_features.h"
#include "nodes/ladcast/transformer.h"
#include "nodes/train/losses.h"
#include "nodes/train/samples.h"
#include "nodes/train/training_step.h"
#include "nodes/values/model_param.h"
#include "nodes/values/moments.h"

namespace ladcast {
namespace {

/// Mean over members of |x - y| less half the mean difference of two members, at each point: the
/// fair CRPS. x [M, …], y […].
at::Tensor fair_crps(const at::Tensor& members, const at::Tensor& truth) {
  const auto count = static_cast<double>(members.size(0));
  const auto sorted = std::get<0>(members.sort(0));
  const auto rank = at::arange(1, members.size(0) + 1, members.options()) * 2 - (count + 1);
  std::vector<std::int64_t> shape(static_cast<std::size_t>(members.dim()), 1);
  shape[0] = members.size(0);
  const auto spread = (sorted * rank.view(shape)).sum(0) / (count * (count - 1));
  return (members - truth).abs().mean(0) - spread;
}

class Validate final : public Node {
 public:
  Validate() { on_device_lane(); }

 private:
  In<TrainingStep> step{this, "step", "of a training"};
  In<Samples> cases{this, "cases",
                    "windows that were not learned from, the same for all iterations: samples or "
                    "latent_samples with choose = \"spread\""};
  Out<TrainingStep> scored{this, "scored", "the same, with scores where the weights are there"};
  Param<Model> model{this, "model", "model that is trained"};
  Param<int> members{this, "members", "members of the forecasts; 0: only the loss is taken",
                     ParamOptions<int>{.fallback = 4, .min = 0}};
  Param<int> steps{this, "steps", "steps of the sampler",
                   ParamOptions<int>{.fallback = 10, .min = 2}};

  Moments moments_;  // of fields

  void shape(Shape& shape) override { shape.out(scored).bytes = shape.in(step).bytes; }
  void open() override { moments_ = read_field_moments(model->field_statistics, model->channels); }

  void run(Task& task) const override {
    TrainingStep done = task.get(step);
    if (done.network) {
      const Samples& windows = task.get(cases);
      done.validation = done.network->part == "autoencoder"
                            ? of_autoencoder(*done.network, windows)
                            : of_forecaster(*done.network, windows, task);
    }
    task.send(scored, std::move(done));
  }

  /// Weighted root mean square over points and windows: of x [B, C, H, W], for each channel.
  static at::Tensor rms(const at::Tensor& x, const at::Tensor& weights) {
    return (x.square() * weights).mean({0, 2, 3}).sqrt();
  }

  /// The mean over channels of the normalised error, then the error of each in its unit.
  std::vector<Metric> of_autoencoder(const TrainedNetwork& network, const Samples& windows) const {
    Autoencoder autoencoder(read_autoencoder_config(network.config.parent_path()));
    fill_weights([&](const VisitTensor& visit) { autoencoder.describe(visit); }, network.weights,
                 "validation", at::Device(device()), at::kFloat);
    autoencoder.prepare();
    const auto fields = windows.values.select(2, 0);
    std::vector<at::Tensor> errors;
    for (std::int64_t i = 0; i < fields.size(0); ++i) {  // one by one: little memory
      const auto x = fields.narrow(0, i, 1).to(at::Device(device()));
      const auto statics = windows.statics.defined()
                               ? windows.statics.narrow(0, 0, 1).to(at::Device(device()))
                               : windows.statics;
      auto error = (decode(autoencoder, encode(autoencoder, x, statics)) - x).cpu();
      if (windows.missing.defined())
        error = error.masked_fill(windows.missing.select(2, 0).narrow(0, i, 1), 0.0);
      errors.push_back(error);
    }
    const auto by_channel = rms(at::cat(errors), windows.weights.narrow(0, 0, 1));
    std::vector<Metric> metrics = {{"normalised rmse", "", by_channel.mean().item<double>()}};
    for (std::size_t c = 0; c < model->channels.size(); ++c)
      metrics.push_back(
          {"rmse " + to_string(model->channels[c]), model->channels[c].units,
           by_channel[static_cast<std::int64_t>(c)].item<double>() * moments_.std[c]});
    return metrics;
  }

  /// In normalised latent space, whose channels have the standard deviation 0.5: the fair CRPS and
  /// the error of the ensemble's mean at each lead; what one evaluation at the largest noise, which
  /// is the mean of all forecasts, is off at the first lead and the last.
  std::vector<Metric> of_forecaster(const TrainedNetwork& network, const Samples& windows,
                                    const Task& task) const {
    Forecaster forecaster(read_forecaster_config(network.config.parent_path()));
    fill_weights([&](const VisitTensor& visit) { forecaster.describe(visit); }, network.weights,
                 "validation", at::Device(device()), at::kFloat);
    forecaster.prepare();
    const auto frames = model->frames;
    const auto truth = windows.values.narrow(2, 1, frames);
    const auto condition = windows.values.narrow(2, 0, 1).contiguous();
    const auto weights = windows.weights.narrow(0, 0, 1).unsqueeze(2);  // [1, 1, 1, H, 1]
    const auto by_lead = [&](const at::Tensor& x) { return (x * weights).mean({0, 1, 3, 4}); };

    const Sampler& sampler = model->sampler;
    const auto noise_of = [&](std::int64_t count) {
      auto noise = upstream_noise(1, {count, truth.size(1), frames, truth.size(3), truth.size(4)});
      return noise;
    };
    std::vector<std::int64_t> stamps;
    for (const Time time : windows.times) stamps.push_back(timestamp_of(time));
    const double largest = std::log(sampler.sigma_max);
    ForecasterBatch blind{condition,
                          truth,
                          at::tensor(stamps, at::TensorOptions(at::kLong)),
                          noise_of(truth.size(0)),
                          noise_levels(at::full({truth.size(0)}, largest), {0.0, 1.0, 0}, sampler),
                          {}};
    const auto mean_error = by_lead((denoised_latents(forecaster, blind) - truth).square()).sqrt();
    const auto lead_name = [&](std::int64_t i) {
      return fmt::format("at {} h", (i + 1) * model->step_hours);
    };
    std::vector<Metric> metrics;
    if (*members > 1) {
      const auto schedule = Schedule::karras(*steps, sampler.sigma_min, sampler.sigma_max,
                                             sampler.rho, sampler.sigma_data);
      std::vector<at::Tensor> crps, mean;
      for (std::int64_t i = 0; i < truth.size(0) && !task.stopping(); ++i) {
        const auto forecast = sample(forecaster, schedule, condition.narrow(0, i, 1),
                                     noise_of(*members), stamps[static_cast<std::size_t>(i)], {});
        const auto y = truth.narrow(0, i, 1);
        crps.push_back(by_lead(fair_crps(forecast, y[0]).unsqueeze(0)));
        mean.push_back(by_lead((forecast.mean(0, true) - y).square()));
      }
      if (crps.empty()) return {};
      const auto all = at::stack(crps).mean(0);
      const auto rmse = at::stack(mean).mean(0).sqrt();
      metrics.push_back({"fair crps", "", all.mean().item<double>()});
      for (std::int64_t i = 0; i < frames; ++i)
        metrics.push_back({"fair crps " + lead_name(i), "", all[i].item<double>()});
      for (std::int64_t i = 0; i < frames; ++i)
        metrics.push_back({"rmse of the mean " + lead_name(i), "", rmse[i].item<double>()});
    }
    for (const std::int64_t i : {std::int64_t{0}, std::int64_t{frames} - 1})
      metrics.push_back(
          {"rmse of one evaluation " + lead_name(i), "", mean_error[i].item<double>()});
    return metrics;
  }
};

LADCAST_NODE(Validate, "validate",
             "Scores the weights of a training on windows that it does not learn from.");

}  // namespace
}  // namespace ladcast
