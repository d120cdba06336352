#include <ATen/ATen.h>

#include "nodes/ladcast/time_features.h"
#include "nodes/ladcast/transformer.h"
#include "nodes/train/losses.h"
#include "nodes/train/train_node.h"

namespace ladcast {
namespace {

class TrainForecaster final : public TrainNode {
 public:
  TrainForecaster() : TrainNode("forecaster") {}

 private:
  Param<double> noise_mean{this, "noise_mean", "mean of ln(sigma)",
                           ParamOptions<double>{.fallback = -1.2}};
  Param<double> noise_deviation{this, "noise_deviation", "standard deviation of ln(sigma)",
                                ParamOptions<double>{.fallback = 1.2, .min = 0.0}};
  Param<int> noise_levels_{this, "noise_levels",
                           "a level that is drawn becomes the nearest of so many, as in the "
                           "reference; 0: it stays as it is drawn",
                           ParamOptions<int>{.fallback = 1000, .min = 0}};
  Param<bool> weigh_latitudes{this, "weigh_latitudes", "squares count by the cosine of latitude",
                              ParamOptions<bool>{.fallback = false}};
  Param<double> condition_noise{this, "condition_noise",
                                "standard deviation of noise on the condition (latents have 0.5)",
                                ParamOptions<double>{.fallback = 0.0, .min = 0.0}};
  Param<int> push_forward{this, "push_forward",
                          "steps into which the frames after the first are cut; each is learned "
                          "from what the step before made",
                          ParamOptions<int>{.fallback = 1, .min = 1}};
  Param<double> head_norm_start{this, "head_norm_start",
                                "initial weight of the norms of queries and keys",
                                ParamOptions<double>{.fallback = 1.0, .min = 0.0}};
  Param<double> head_norm_rate{this, "head_norm_rate",
                               "factor on the learning rate of these weights: above 1, small "
                               "networks find out sooner how to use their condition",
                               ParamOptions<double>{.fallback = 1.0, .min = 0.0}};

  std::optional<Forecaster> forecaster_;

  std::filesystem::path folder() const override { return model->forecaster; }
  DescribeNetwork make_network() override {
    forecaster_.emplace(read_forecaster_config(folder()));
    forecaster_->recomputes = recomputes();
    return [this](const VisitTensor& visit) { forecaster_->describe(visit); };
  }
  void prepare() override { forecaster_->prepare(); }

  static bool is_head_norm(const std::string& name) {
    return name.ends_with("norm_q.weight") || name.ends_with("norm_k.weight") ||
           name.ends_with("norm_added_q.weight") || name.ends_with("norm_added_k.weight");
  }
  double rate_of(const std::string& name) const override {
    return is_head_norm(name) ? *head_norm_rate : 1.0;
  }
  std::optional<double> start_of(const std::string& name) const override {
    return is_head_norm(name) ? std::optional(*head_norm_start) : std::nullopt;
  }

  at::Tensor loss(const Task& task, const Samples& batch) const override {
    const NoiseDistribution distribution{*noise_mean, *noise_deviation, *noise_levels_};
    const auto levels =
        noise_levels(normal(task, {batch.values.size(0)}, "levels"), distribution, model->sampler);
    auto windows = batch.values.to(at::Device(device()));
    if (*condition_noise > 0.0) {
      windows = windows.clone();
      auto condition = windows.narrow(2, 0, 1);
      condition.add_(normal(task, condition.sizes(), "condition").to(condition.device()),
                     *condition_noise);
    }
    const auto noise = normal(task, windows.narrow(2, 1, windows.size(2) - 1).sizes(), "noise")
                           .to(windows.device());
    const auto frames = (windows.size(2) - 1) / *push_forward;
    if (frames * *push_forward != windows.size(2) - 1)
      fail("{} frames after the first cannot be cut into {} steps of equal length",
           windows.size(2) - 1, *push_forward);
    at::Tensor total;
    auto condition = windows.narrow(2, 0, 1);
    for (std::int64_t push = 0; push < *push_forward; ++push) {
      const auto first = push * frames;
      ForecasterBatch part{condition,
                           windows.narrow(2, 1 + first, frames),
                           timestamps(batch, first),
                           noise.narrow(2, first, frames),
                           levels,
                           {}};
      if (*weigh_latitudes) part.weights = batch.weights.to(windows.device()).unsqueeze(2);
      const auto denoised = denoised_latents(*forecaster_, part);
      const auto squares = forecaster_loss(denoised, part);
      total = total.defined() ? total + squares : squares;
      condition = denoised.detach().narrow(2, frames - 1, 1);
    }
    return total / *push_forward;
  }

  /// Of the frame from which a step starts, that many frames after the first.
  at::Tensor timestamps(const Samples& batch, std::int64_t frames) const {
    std::vector<std::int64_t> stamps;
    for (const Time time : batch.times)
      stamps.push_back(timestamp_of(time + std::chrono::hours{frames * batch.step_hours}));
    return at::tensor(stamps, at::TensorOptions(at::kLong));
  }

  /// Standard normal numbers [B, …] that depend on the iteration and the place in the batch.
  static at::Tensor normal(const Task& task, at::IntArrayRef shape, const char* stream) {
    auto numbers = at::empty(shape, at::TensorOptions(at::kFloat));
    const auto each = static_cast<std::size_t>(numbers.numel() / shape[0]);
    for (std::int64_t i = 0; i < shape[0]; ++i)
      task.normal({numbers.data_ptr<float>() + static_cast<std::size_t>(i) * each, each},
                  static_cast<int>(i) + 1, stream);
    return numbers;
  }
};

LADCAST_NODE(TrainForecaster, "train_forecaster",
             "Trains the forecaster to take noise away from the frames that follow a latent. "
             "Defaults are the reference's, but for precision.");

}  // namespace
}  // namespace ladcast
