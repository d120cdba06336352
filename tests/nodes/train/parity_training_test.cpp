// Losses, gradients, updates and schedules against the reference: folder training.
#include <ATen/ATen.h>
#include <doctest/doctest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "nodes/ladcast/edm.h"
#include "nodes/train/adamw.h"
#include "nodes/train/learned_weights.h"
#include "nodes/train/losses.h"
#include "nodes/train/update.h"
#include "nodes/values/zarr_json.h"
#include "tests/nodes/ladcast/fixtures.h"

namespace ladcast::test {
namespace {

using nlohmann::json;

std::filesystem::path training() { return parity_folder() / "training"; }

double relative(double actual, double expected) {
  return std::abs(actual - expected) / std::abs(expected);
}

double norm_of(const at::Tensor& x) {
  return at::linalg_vector_norm(x.detach().to(at::kDouble)).item<double>();
}

template <class Network>
DescribeNetwork described(Network& network) {
  return [&network](const VisitTensor& visit) { network.describe(visit); };
}

TEST_CASE("training: the relative L2 loss is the reference's") {
  if (!begin_parity("training", {"lp_loss.safetensors", "lp_loss.json"})) return;
  Recording recording(training() / "lp_loss.safetensors");
  const auto settings = read_json(training() / "lp_loss.json");
  const auto& prediction = recording.input("pred");
  const auto& target = recording.input("target");
  auto missing = at::zeros_like(target, at::kBool);
  missing.select(1, settings["sst_channel"].get<std::int64_t>())
      .copy_(recording.input("sst_nan_mask").to(at::kBool));
  const auto filled = at::where(missing, settings["fill"].get<double>(), target);
  const auto masked = at::where(missing, filled, prediction);
  recording.compare_exact("target_filled", filled);
  recording.compare_exact("pred_masked", masked);
  recording.compare("loss_plain", relative_l2_loss(prediction, filled).view(1), 2e-6);
  recording.compare("loss_masked", relative_l2_loss(masked, filled).view(1), 2e-6);
  recording.compare(
      "loss_masked_lat_weighted",
      relative_l2_loss(masked, filled, recording.input("lat_weight").view({-1, 1})).view(1), 2e-6);
  const auto per_map = at::linalg_vector_norm((masked - filled).flatten(2), 2, -1) /
                       at::linalg_vector_norm(filled.flatten(2), 2, -1);
  recording.compare("per_map_relative_norm", per_map, 2e-6);
}

TEST_CASE("training: convolutions on the sphere have the reference's gradients, and full ones") {
  if (!begin_parity("training", {"sphere_conv_gradients.safetensors"})) return;
  Recording recording(training() / "sphere_conv_gradients.safetensors");
  struct Case {
    std::string tag;
    std::int64_t in, out, kernel, groups;
    bool bias;
  };
  for (const auto& each : {Case{"k3", 3, 4, 3, 1, true}, Case{"k5dw", 4, 4, 5, 4, false}})
    for (const auto rule : {PoleGradients::none, PoleGradients::full}) {
      SphereConv conv;
      const VisitTensor visit = [&](const std::string& name, const Sizes&, at::Tensor& slot) {
        slot = recording.input(each.tag + "." + name).clone().set_requires_grad(true);
      };
      conv.describe(Scope(visit), each.in, each.out, each.kernel, each.groups, each.bias);
      conv.prepare(rule);
      const auto input = recording.input(each.tag + ".input").clone().set_requires_grad(true);
      conv(input).backward(recording.input(each.tag + ".grad_output"));
      const auto tag = each.tag + (rule == PoleGradients::full ? ".full." : ".detached.");
      recording.compare(tag + "grad_weight", conv.weight.grad(), 2e-6);
      recording.compare(tag + "grad_input", input.grad(), 2e-6);
      if (each.bias) recording.compare(tag + "grad_bias", conv.bias.grad(), 2e-6);
    }
}

TEST_CASE("training: the autoencoder's loss and its gradients are the reference's") {
  if (!begin_parity("training", {"dcae_gradients.safetensors", "dcae_gradients.json"})) return;
  Recording recording(training() / "dcae_gradients.safetensors");
  const auto settings = read_json(training() / "dcae_gradients.json");
  const auto& fields = recording.input("dynamic");
  auto missing = at::zeros_like(fields, at::kBool);
  missing.select(1, settings["sst_channel"].get<std::int64_t>())
      .copy_(recording.input("sst_nan_mask").to(at::kBool));
  const auto latitude = recording.input("lat_weight").to(at::kFloat).view({-1, 1});
  for (const std::string rule : {"reference", "reference_lat_weighted", "full"}) {
    INFO(rule);
    auto autoencoder = load_autoencoder(parity_folder() / "dcae", at::kCPU, at::kFloat);
    const auto parameters = make_learnable(described(autoencoder));
    autoencoder.prepare(rule == "full" ? PoleGradients::full : PoleGradients::none);
    const bool weighted = rule == "reference_lat_weighted";
    const auto loss = autoencoder_loss(autoencoder, {fields, recording.input("static"), missing,
                                                     weighted ? latitude : at::Tensor()});
    CHECK(relative(loss.item<double>(), settings[rule]["loss"]) < 2e-6);
    loss.backward();
    AdamW optimiser(parameters, {});
    for (const auto& parameter : parameters) {
      INFO(parameter.name);
      CHECK(relative(norm_of(parameter.value.grad()),
                     settings[rule]["grad_norms"][parameter.name]) < 1e-5);
      if (recording.has(rule + "." + parameter.name))
        recording.compare(rule + "." + parameter.name, parameter.value.grad(), 1e-5);
    }
    CHECK(relative(optimiser.clip(1e9), settings[rule]["total_grad_norm"]) < 1e-5);
  }
}

TEST_CASE("training: noise levels are drawn as the reference draws them") {
  if (!begin_parity("training", {"sigma_sampling.safetensors"})) return;
  Recording recording(training() / "sigma_sampling.safetensors");
  const auto drawn = [&](const at::Tensor& normals) {
    return noise_levels(normals.flatten(), {}, {});
  };
  const auto& normals = recording.input("normals");
  const auto levels = drawn(normals);
  recording.compare("sigma_snapped", levels.sigma.view(normals.sizes()), 1e-7);
  recording.compare("c_noise", levels.c_noise.view(normals.sizes()), 1e-6);
  recording.compare("grid.sigma_snapped", drawn(recording.input("grid.normals")).sigma, 1e-7);
  NoiseDistribution plain;
  plain.snapped_to = 0;
  recording.compare("sigma_raw",
                    noise_levels(normals.flatten(), plain, {}).sigma.view(normals.sizes()), 1e-6);
  recording.compare("grid.sigma_raw",
                    noise_levels(recording.input("grid.normals"), plain, {}).sigma, 1e-6);

  const auto schedule = at::tensor(Schedule::karras(1000, 0.002, 80.0, 7.0, 0.5).sigma);
  const auto index_of = [&](const at::Tensor& sigma) {
    return (schedule.unsqueeze(0) - sigma.flatten().unsqueeze(1)).abs().argmin(1);
  };
  recording.compare_exact("indices", index_of(levels.sigma).view(normals.sizes()));
  recording.compare_exact("grid.indices", index_of(drawn(recording.input("grid.normals")).sigma));
}

ForecasterBatch recorded_batch(Recording& recording, int step) {
  const auto tag = "step" + std::to_string(step) + ".";
  const auto schedule = at::tensor(Schedule::karras(1000, 0.002, 80.0, 7.0, 0.5).sigma);
  const auto sigma = schedule.index_select(0, recording.input(tag + "indices"));
  CHECK(relative_error(sigma, recording.input(tag + "sigmas")) < 1e-6);
  NoiseDistribution exact;  // of numbers that are these levels
  exact.snapped_to = 0;
  const auto levels = noise_levels((sigma.log() - exact.mean) / exact.deviation, exact, {});
  return {recording.input(tag + "condition"),
          recording.input(tag + "clean"),
          recording.input(tag + "timestamps"),
          recording.input(tag + "noise"),
          levels,
          at::Tensor()};
}

TEST_CASE("training: the forecaster's loss and its gradients are the reference's") {
  if (!begin_parity("training", {"edm.safetensors", "edm_loss.json"})) return;
  Recording recording(training() / "edm.safetensors");
  const auto settings = read_json(training() / "edm_loss.json");
  auto forecaster = load_forecaster(parity_folder() / "dit", at::kCPU, at::kFloat);
  const auto parameters = make_learnable(described(forecaster));
  forecaster.prepare();
  auto batch = recorded_batch(recording, 0);
  for (int step = 1; step < 3; ++step) recorded_batch(recording, step);  // of the next case
  recording.compare("step0.noisy", noisy_latents(batch), 2e-6);
  const auto denoised = denoised_latents(forecaster, batch);
  recording.compare("step0.denoised", denoised, 3e-6);
  const auto loss = forecaster_loss(denoised, batch);
  CHECK(relative(loss.item<double>(), settings["loss"]) < 2e-6);
  batch.weights = recording.input("lat_weight").view({-1, 1});
  CHECK(relative(forecaster_loss(denoised, batch).item<double>(), settings["loss_lat_weighted"]) <
        2e-6);
  for (std::int64_t i = 0; i < 2; ++i)
    CHECK(relative(batch.levels.weight[i].item<double>(),
                   settings["weights"][static_cast<std::size_t>(i)]) < 2e-6);

  loss.backward();
  AdamW optimiser(parameters, {});
  for (const auto& parameter : parameters) {
    INFO(parameter.name);
    CHECK(relative(norm_of(parameter.value.grad()), settings["grad_norms"][parameter.name]) < 5e-6);
    if (recording.has("step0.grad." + parameter.name))
      recording.compare("step0.grad." + parameter.name, parameter.value.grad(), 1e-5);
  }
  CHECK(relative(optimiser.clip(1e9), settings["total_grad_norm"]) < 5e-6);
}

TEST_CASE("training: three updates with AdamW, clipping and averaging are the reference's") {
  if (!begin_parity("training", {"edm.safetensors", "edm_steps.safetensors", "edm_steps.json"}))
    return;
  const auto all = read_json(training() / "edm_steps.json");
  Recording steps(training() / "edm_steps.safetensors");
  for (const std::string name : {"reference_schedule", "short_schedule"}) {
    INFO(name);
    const auto& settings = all[name];
    Recording recording(training() / "edm.safetensors");
    auto forecaster = load_forecaster(parity_folder() / "dit", at::kCPU, at::kFloat);
    const auto describe = described(forecaster);
    auto parameters = make_learnable(describe);
    for (auto& parameter : parameters) parameter.weight_decay = 1e-2;
    AdamW optimiser(parameters, {});
    AverageWeights average(parameters);
    UpdateRules rules;
    rules.rate = {1e-4, settings["num_warmup_steps"], settings["num_training_steps"]};
    rules.moving.power = 0.6666667;
    rules.moving.begin = settings["ema_update_after_step"];
    for (int step = 0; step < 3; ++step) {
      const auto& expected = settings["steps"][static_cast<std::size_t>(step)];
      forecaster.prepare();
      const auto batch = recorded_batch(recording, step);
      const auto loss = forecaster_loss(denoised_latents(forecaster, batch), batch);
      CHECK(relative(loss.item<double>(), expected["loss"]) < 2e-6);
      loss.backward();
      CHECK(rules.rate.at(step) ==
            doctest::Approx(expected["lr_used"].get<double>()).epsilon(1e-12));
      CHECK(relative(update_weights(optimiser, average, parameters, rules),
                     expected["grad_norm_before_clip"]) < 5e-6);
      CHECK(rules.moving.decay(step + 1) ==
            doctest::Approx(expected["ema_decay"].get<double>()).epsilon(1e-12));
    }
    recording.input("lat_weight");
    for (const auto& [key, tensor] : recording.all())
      if (key.starts_with("step0.grad.") || key == "step0.noisy" || key == "step0.denoised")
        recording.input(key);
    const double largest_rate = rules.rate.at(2);
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      const auto& parameter = parameters[i].name;
      INFO(parameter);
      CHECK(relative(norm_of(parameters[i].value), settings["param_norms_after"][parameter]) <
            1e-6);
      if (!steps.has(name + ".param." + parameter)) continue;
      // Of the updates, whose sizes are those of the learning rates.
      steps.compare_absolute(name + ".param." + parameter, parameters[i].value.detach(),
                             2e-2 * largest_rate + 6e-8);
      steps.compare_absolute(name + ".ema." + parameter, average.values()[i],
                             2e-2 * largest_rate + 6e-8);
    }
  }
}

TEST_CASE("training: learning rates and decays of the average are the reference's") {
  if (!begin_parity("training", {"schedules.json"})) return;
  const auto all = read_json(training() / "schedules.json");
  for (const auto& [name, settings] : all["lr"].items()) {
    INFO(name);
    const LearningRate rate{settings["base"], settings["num_warmup_steps"],
                            settings["num_training_steps"]};
    for (const std::string part : {"lr", "later"})
      for (const auto& [step, expected] : settings[part].items())
        CHECK(std::abs(rate.at(std::stoll(step)) - expected.get<double>()) < 1e-12 * rate.peak);
  }
  const auto check = [&](const std::string& name, const MovingAverage& average) {
    for (const auto& [update, expected] : all["ema"][name].items())
      CHECK(average.decay(std::stoll(update)) ==
            doctest::Approx(expected.get<double>()).epsilon(1e-12));
  };
  check("latent_model", {.power = 0.6666667});
  check("autoencoder", {.power = 0.66667});
  check("large", {.power = 0.6666667});
}

}  // namespace
}  // namespace ladcast::test
