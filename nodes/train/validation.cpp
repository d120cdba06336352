#include "nodes/train/validation.h"

#include <ATen/ATen.h>

#include <cmath>

#include "nodes/ladcast/edm.h"
#include "nodes/ladcast/noise.h"
#include "nodes/ladcast/time_features.h"
#include "nodes/train/losses.h"

namespace ladcast {
namespace {

/// The fair CRPS of members [M, …] at each point of `truth` […]: mean of |x - y| less half the mean
/// difference of two members.
at::Tensor fair_crps(const at::Tensor& members, const at::Tensor& truth) {
  const auto count = static_cast<double>(members.size(0));
  const auto sorted = std::get<0>(members.sort(0));
  const auto rank = at::arange(1, members.size(0) + 1, members.options()) * 2 - (count + 1);
  std::vector<std::int64_t> shape(static_cast<std::size_t>(members.dim()), 1);
  shape[0] = members.size(0);
  const auto spread = (sorted * rank.view(shape)).sum(0) / (count * (count - 1));
  return (members - truth).abs().mean(0) - spread;
}

/// Runs one window after the other, for little memory.
at::Tensor reconstruction_errors(const Autoencoder& autoencoder, const Samples& windows) {
  const auto options = autoencoder.encoder.conv_in.weight.options();
  const auto statics =
      windows.statics.defined() ? windows.statics.narrow(0, 0, 1).to(options) : windows.statics;
  std::vector<at::Tensor> errors;
  for (std::int64_t i = 0; i < windows.values.size(0); ++i) {
    const auto x = windows.values.select(2, 0).narrow(0, i, 1).to(options);
    errors.push_back((decode(autoencoder, encode(autoencoder, x, statics)) - x).to(at::kCPU));
  }
  return at::cat(errors);
}

class ForecastScores {
 public:
  ForecastScores(const Forecaster& forecaster, const Samples& windows, const Model& model)
      : forecaster_(forecaster),
        model_(model),
        device_(forecaster.out.weight.device()),
        condition_(windows.values.narrow(2, 0, 1).contiguous().to(device_)),
        truth_(windows.values.narrow(2, 1, model.frames).to(device_)),
        weights_(windows.weights.narrow(0, 0, 1).unsqueeze(2).to(device_)) {
    for (const Time time : windows.times) stamps_.push_back(timestamp_of(time));
  }

  void add_ensemble(std::vector<Metric>& metrics, const ForecastScoring& how,
                    const std::function<bool()>& stopping) const {
    const Sampler& sampler = model_.sampler;
    const auto schedule = Schedule::karras(how.steps, sampler.sigma_min, sampler.sigma_max,
                                           sampler.rho, sampler.sigma_data);
    std::vector<at::Tensor> crps, squares;
    for (std::int64_t i = 0; i < truth_.size(0); ++i) {
      const auto forecast =
          sample(forecaster_, schedule, condition_.narrow(0, i, 1), noise(how.members),
                 stamps_[static_cast<std::size_t>(i)], stopping);
      const auto truth = truth_.narrow(0, i, 1);
      crps.push_back(by_lead(fair_crps(forecast, truth[0]).unsqueeze(0)));
      squares.push_back(by_lead((forecast.mean(0, true) - truth).square()));
    }
    const auto mean_crps = at::stack(crps).mean(0);
    const auto rmse = at::stack(squares).mean(0).sqrt();
    metrics.push_back({"fair crps", "", mean_crps.mean().item<double>()});
    for (std::int64_t i = 0; i < model_.frames; ++i) add(metrics, "fair crps", i, mean_crps);
    for (std::int64_t i = 0; i < model_.frames; ++i) add(metrics, "rmse of the mean", i, rmse);
  }

  void add_one_evaluation(std::vector<Metric>& metrics) const {
    const auto count = truth_.size(0);
    const auto largest = at::full({count}, std::log(model_.sampler.sigma_max));
    const ForecasterBatch batch{condition_,
                                truth_,
                                at::tensor(stamps_, at::TensorOptions(at::kLong)),
                                noise(count),
                                noise_levels(largest, {0.0, 1.0, 0}, model_.sampler),
                                at::Tensor()};
    const auto rmse = by_lead((denoised_latents(forecaster_, batch) - truth_).square()).sqrt();
    add(metrics, "rmse of one evaluation", 0, rmse);
    add(metrics, "rmse of one evaluation", model_.frames - 1, rmse);
  }

 private:
  void add(std::vector<Metric>& metrics, const char* name, std::int64_t lead,
           const at::Tensor& values) const {
    metrics.push_back({fmt::format("{} at {} h", name, (lead + 1) * model_.step_hours), "",
                       values[lead].item<double>()});
  }
  at::Tensor by_lead(const at::Tensor& x) const { return (x * weights_).mean({0, 1, 3, 4}); }
  at::Tensor noise(std::int64_t count) const {
    return upstream_noise(0,
                          {count, truth_.size(1), truth_.size(2), truth_.size(3), truth_.size(4)})
        .to(device_);
  }

  const Forecaster& forecaster_;
  const Model& model_;
  at::Device device_;
  at::Tensor condition_, truth_, weights_;
  std::vector<std::int64_t> stamps_;
};

}  // namespace

std::vector<Metric> score_autoencoder(const Autoencoder& autoencoder, const Samples& windows,
                                      const std::vector<Channel>& channels,
                                      const Moments& moments) {
  const auto errors = reconstruction_errors(autoencoder, windows);
  auto weights = windows.weights.narrow(0, 0, 1).expand_as(errors);
  if (windows.missing.defined())
    weights = weights * windows.missing.select(2, 0).logical_not().to(at::kFloat);
  const auto by_channel =
      ((errors.square() * weights).sum({0, 2, 3}) / weights.sum({0, 2, 3})).sqrt();
  std::vector<Metric> metrics = {{"normalised rmse", "", by_channel.mean().item<double>()}};
  for (std::size_t c = 0; c < channels.size(); ++c)
    metrics.push_back({"rmse " + to_string(channels[c]), channels[c].units,
                       by_channel[static_cast<std::int64_t>(c)].item<double>() * moments.std[c]});
  return metrics;
}

std::vector<Metric> score_forecaster(const Forecaster& forecaster, const Samples& windows,
                                     const Model& model, const ForecastScoring& how,
                                     const std::function<bool()>& stopping) {
  const ForecastScores scores(forecaster, windows, model);
  std::vector<Metric> metrics;
  if (how.members > 0) scores.add_ensemble(metrics, how, stopping);
  scores.add_one_evaluation(metrics);
  return metrics;
}

}  // namespace ladcast
