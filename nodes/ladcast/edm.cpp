#include "nodes/ladcast/edm.h"

#include <ATen/ATen.h>

#include <cmath>

namespace ladcast {
namespace {

std::vector<float> values_of(const at::Tensor& x) {
  const auto contiguous = x.contiguous();
  return {contiguous.data_ptr<float>(), contiguous.data_ptr<float>() + contiguous.numel()};
}

// The denoised state D = c_skip x + c_out F(c_in x, c_noise) for one forecast.
class Denoiser {
 public:
  Denoiser(const Forecaster& forecaster, const Schedule& schedule, ForecastContext context,
           const ModuleTrace& trace)
      : forecaster_(forecaster), schedule_(schedule), context_(std::move(context)), trace_(trace) {}

  at::Tensor operator()(const at::Tensor& x, std::size_t i) {
    enter(i);
    const auto dtype = context_.condition_tokens.scalar_type();
    const auto input = (x * scalar(schedule_.c_in[i])).to(at::kFloat).to(dtype);
    const auto output = evaluate(forecaster_, context_, level_, input).to(at::kDouble);
    auto denoised = x * scalar(schedule_.c_skip[i]) + output * scalar(schedule_.c_out[i]);
    const auto call = trace_.in(std::to_string(calls_++));
    call("x", x);
    call("denoised", denoised);
    return denoised;
  }

 private:
  static at::Scalar scalar(float value) { return static_cast<double>(value); }

  // Heun's second evaluation and the next step's first have one noise level.
  void enter(std::size_t i) {
    if (i == at_ && calls_ > 0) return;
    const auto tokens = context_.condition_tokens;
    const auto c_noise = at::full({1}, schedule_.c_noise[i],
                                  tokens.options().dtype(wide_type(tokens.scalar_type())));
    level_ = at_noise_level(forecaster_, context_, c_noise);
    at_ = i;
  }

  const Forecaster& forecaster_;
  const Schedule& schedule_;
  ForecastContext context_;
  const ModuleTrace& trace_;
  NoiseLevelContext level_;
  std::size_t at_ = 0;
  std::size_t calls_ = 0;
};

}  // namespace

Schedule Schedule::karras(int steps, double sigma_min, double sigma_max, double rho,
                          double sigma_data) {
  if (steps < 2 || !(sigma_min > 0.0) || !(sigma_max > sigma_min) || !(rho > 0.0) ||
      !(sigma_data > 0.0) || !std::isfinite(sigma_max))
    fail(
        "no noise schedule with {} steps from {} to {} with rho {} and sigma_data {}: steps >= 2, "
        "0 < min < max, rho > 0 and data > 0 are needed",
        steps, sigma_max, sigma_min, rho, sigma_data);
  const double low = std::pow(sigma_min, 1.0 / rho);
  const double high = std::pow(sigma_max, 1.0 / rho);
  const auto ramp = at::linspace(0.0, 1.0, steps, at::TensorOptions(at::kFloat));
  const auto sigma = at::pow(ramp * (low - high) + high, rho);
  const auto root = (sigma.square() + sigma_data * sigma_data).sqrt();
  Schedule schedule;
  schedule.sigma = values_of(sigma);
  schedule.sigma.push_back(0.0F);
  schedule.c_in = values_of(root.reciprocal());
  schedule.c_skip = values_of(sigma_data * sigma_data / (sigma.square() + sigma_data * sigma_data));
  schedule.c_out = values_of(sigma * sigma_data / root);
  schedule.c_noise = values_of(sigma.log() * 0.25);
  return schedule;
}

at::Tensor sample(const Forecaster& forecaster, const Schedule& schedule,
                  const at::Tensor& condition, const at::Tensor& noise, std::int64_t timestamp,
                  const std::function<bool()>& stopping, const ModuleTrace& trace) {
  if (noise.dim() != 5)
    fail("the noise has {} axes, expected [members, channels, frames, rows, columns]", noise.dim());
  const auto& weight = forecaster.out.weight;
  const auto given = condition.to(weight.device(), weight.scalar_type());
  Denoiser denoise(
      forecaster, schedule,
      begin_forecast(forecaster, given, at::full({1}, timestamp, at::TensorOptions(at::kLong)),
                     noise.size(2)),
      trace);
  const auto& sigma = schedule.sigma;
  auto x = noise.to(weight.device(), at::kDouble) * static_cast<double>(sigma[0]);
  for (std::size_t i = 0; i < schedule.steps(); ++i) {
    if (stopping && stopping()) throw Stopped();
    const double step = static_cast<double>(sigma[i + 1] - sigma[i]);
    const auto slope = (x - denoise(x, i)) / static_cast<double>(sigma[i]);
    const auto euler = x + slope * step;
    if (i + 1 == schedule.steps()) {
      x = euler;
    } else {
      const auto next_slope = (euler - denoise(euler, i + 1)) / static_cast<double>(sigma[i + 1]);
      x = x + (slope * 0.5 + next_slope * 0.5) * step;
    }
  }
  return x.to(at::kFloat);
}

}  // namespace ladcast
