// Schedule, noise, solver, rollout and the whole way from fields to forecast: folder sampler.
#include <ATen/ATen.h>
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <nlohmann/json.hpp>

#include "graph/time.h"
#include "nodes/ladcast/dcae.h"
#include "nodes/ladcast/edm.h"
#include "nodes/ladcast/noise.h"
#include "nodes/ladcast/pt_file.h"
#include "nodes/ladcast/statistics.h"
#include "nodes/ladcast/time_features.h"
#include "nodes/transform/normalise_fields.h"
#include "nodes/values/zarr_json.h"
#include "tests/nodes/ladcast/fixtures.h"
#include "tests/nodes/ladcast/hash_fields.h"
#include "tests/nodes/ladcast/recorded_model.h"

namespace ladcast::test {
namespace {

using nlohmann::json;

std::filesystem::path sampler() { return parity_folder() / "sampler"; }

Schedule published_schedule(int steps) { return Schedule::karras(steps, 0.002, 80.0, 7.0, 0.5); }

at::Tensor tensor(const std::vector<float>& values) { return at::tensor(values); }

// Distance in units in the last place of float32.
double ulps(const at::Tensor& a, const at::Tensor& b) {
  const auto bits = [](const at::Tensor& x) { return x.contiguous().view(at::kInt).to(at::kLong); };
  return a.sizes() == b.sizes() ? (bits(a) - bits(b)).abs().max().item<double>() : INFINITY;
}

at::Tensor noise_of(const json& seeds, at::IntArrayRef shape) {
  std::vector<at::Tensor> members;
  for (const int seed : seeds) members.push_back(upstream_noise(seed, shape));
  return at::stack(members);
}

std::int64_t timestamp(const json& settings) {
  auto text = settings["init"].get<std::string>();
  text[text.find(' ')] = 'T';
  return timestamp_of(parse_time(text + "Z"));
}

Moments latent_moments() {
  return read_latent_moments(statics_folder() / "ERA5_latent_normal_1979_2017_lat84.json", 84);
}

bool have_statics(const char* file) {
  if (std::filesystem::exists(statics_folder() / file)) return true;
  std::printf("  ABSENT: %s, its comparisons are not made\n", (statics_folder() / file).c_str());
  return false;
}

TEST_CASE("sampler: noise schedules and preconditioning are the reference's in float32") {
  if (!begin_parity("sampler", {"schedule.safetensors"})) return;
  Recording recording(sampler() / "schedule.safetensors");
  for (const auto& [name, recorded] : recording.all()) {
    const auto steps = std::stoi(name.substr(name.find_first_of("0123456789")));
    const auto schedule = published_schedule(steps);
    const auto part = name.substr(name.find('.') + 1);
    if (part == "sigmas") {
      CHECK(ulps(tensor(schedule.sigma), recorded) <= 2);
      recording.compare(name, tensor(schedule.sigma), 2e-7);
    } else if (part == "c_in") {
      recording.compare(name, tensor(schedule.c_in), 2e-7);
    } else if (part == "c_skip") {
      recording.compare(name, tensor(schedule.c_skip), 2e-7);
    } else if (part == "c_out") {
      recording.compare(name, tensor(schedule.c_out), 2e-7);
    } else if (part == "c_noise") {
      recording.compare(name, tensor(schedule.c_noise), 2e-7);
    } else if (part == "dt") {
      const auto sigma = tensor(schedule.sigma);
      recording.compare(name, sigma.slice(0, 1) - sigma.slice(0, 0, -1), 2e-7);
    }
  }
  CHECK(published_schedule(20).sigma[0] == doctest::Approx(79.99998474121094F).epsilon(1e-7));
}

TEST_CASE("sampler: the reference's noise is reproduced") {
  if (!begin_parity("sampler", {"noise.safetensors", "noise.json"})) return;
  Recording recording(sampler() / "noise.safetensors");
  const auto sums = read_json(sampler() / "noise.json");
  for (const auto& [seed, moments] : sums.items()) {
    const auto noise = upstream_noise(std::stoi(seed), {84, 4, 15, 30}).flatten();
    const auto wide = noise.to(at::kDouble);
    CHECK(wide.sum().item<double>() == doctest::Approx(moments["sum"].get<double>()).epsilon(1e-5));
    CHECK(wide.square().sum().item<double>() ==
          doctest::Approx(moments["sumsq"].get<double>()).epsilon(1e-7));
    CHECK(wide.min().item<double>() == doctest::Approx(moments["min"].get<double>()).epsilon(1e-6));
    CHECK(wide.max().item<double>() == doctest::Approx(moments["max"].get<double>()).epsilon(1e-6));
    const auto tag = fmt::format("seed{}.", seed);
    recording.compare_absolute(tag + "first64", noise.slice(0, 0, 64), 2e-6);
    recording.compare_absolute(tag + "last16", noise.slice(0, -16), 2e-6);
    recording.compare_absolute(tag + "every997", noise.slice(0, 0, std::nullopt, 997), 2e-6);
    for (const int count : {15, 16, 20})
      recording.compare_absolute(fmt::format("{}count{}", tag, count),
                                 upstream_noise(std::stoi(seed), {count}), 2e-6);
  }
}

TEST_CASE("sampler: each network call of a trajectory and its end are the reference's") {
  if (!begin_parity("sampler", {"trajectory.safetensors", "trajectory.json"})) return;
  const auto settings = read_json(sampler() / "trajectory.json");
  auto forecaster =
      load_forecaster(sampler() / settings["model"].get<std::string>(), at::kCPU, at::kFloat);
  forecaster.pack();
  Recording recording(sampler() / "trajectory.safetensors");
  const auto& condition = recording.input("condition");
  const auto time = recording.input("timestamps").item<std::int64_t>();
  const auto& recorded_noise = recording.input("initial_noise");
  const auto noise = noise_of(settings["seeds"], recorded_noise.sizes().slice(1));
  recording.compare_absolute("initial_noise", noise, 2e-6);
  for (const int steps : {20, 10}) {
    const auto tag = fmt::format("N{}.", steps);
    const auto schedule = published_schedule(steps);
    ModuleTrace::Record record;
    const auto result =
        sample(forecaster, schedule, condition, recorded_noise, time, {}, ModuleTrace(record));
    recording.compare(tag + "final", result, steps == 20 ? 4e-6 : 3e-6);
    const auto& sigma_of_call = recording.input(tag + "sigma_of_call");
    const auto calls = sigma_of_call.size(0);
    REQUIRE(calls == 2 * steps - 1);
    std::vector<double> sigmas;
    std::vector<at::Tensor> states;
    std::vector<at::Tensor> denoised;
    for (std::int64_t call = 0; call < calls; ++call) {
      sigmas.push_back(schedule.sigma[static_cast<std::size_t>((call + 1) / 2)]);
      states.push_back(record.at(fmt::format("{}.x", call)).narrow(0, 0, 1));
      denoised.push_back(record.at(fmt::format("{}.denoised", call)).narrow(0, 0, 1));
    }
    recording.compare(tag + "sigma_of_call", at::tensor(sigmas), 2e-7);
    if (!recording.has(tag + "net_in_x")) continue;
    recording.compare(tag + "net_in_x", at::stack(states), 4e-6);
    recording.compare(tag + "denoised", at::stack(denoised), 4e-6);
    // States shrink by five orders of magnitude: each call is held to the tolerance by itself.
    for (std::size_t call = 0; call < states.size(); ++call) {
      const auto row = static_cast<std::int64_t>(call);
      CHECK(relative_error(states[call], recording.input(tag + "net_in_x")[row]) < 4e-6);
      CHECK(relative_error(denoised[call], recording.input(tag + "denoised")[row]) < 4e-6);
    }
  }
}

TEST_CASE("sampler: a rollout of two steps is the reference's") {
  if (!begin_parity("sampler", {"rollout.safetensors", "rollout.json"}) ||
      !begin_parity("dit_real_grid", {"diffusion_pytorch_model.safetensors"}) ||
      !have_statics("ERA5_latent_normal_1979_2017_lat84.json"))
    return;
  const auto settings = read_json(sampler() / "rollout.json");
  auto forecaster =
      load_forecaster(sampler() / settings["model"].get<std::string>(), at::kCPU, at::kFloat);
  forecaster.pack();
  const auto schedule = published_schedule(settings["num_inference_steps"]);
  const auto moments = latent_moments();
  Recording recording(sampler() / "rollout.safetensors");
  const auto& initial = recording.input("initial_latent");
  auto condition = normalise_latent(initial, moments, 0.5, 0).unsqueeze(0).unsqueeze(2);
  recording.compare("initial_latent_normalised", condition.squeeze(2).squeeze(0), 2e-6);

  const auto& recorded = recording.input("member0");
  const auto blocks = settings["block_timestamps"].size();
  const auto frames = (recorded.size(1) - 1) / static_cast<std::int64_t>(blocks);
  const auto members = settings["ensemble"].get<std::int64_t>();
  const auto noise =
      noise_of(settings["seeds"], {initial.size(0), frames, initial.size(1), initial.size(2)});
  CHECK(settings["block_timestamps"][0] == timestamp(settings));
  std::vector<at::Tensor> path{initial.unsqueeze(0).unsqueeze(2).expand({members, -1, -1, -1, -1})};
  for (std::size_t block = 0; block < blocks; ++block) {
    const auto next =
        sample(forecaster, schedule, condition, noise, settings["block_timestamps"][block], {});
    condition = next.narrow(2, frames - 1, 1);
    path.push_back(denormalise_latent(next, moments, 0.5, 1));
  }
  const auto all = at::cat(path, 2);
  recording.compare("member0", all[0], 3e-6);
  recording.compare("members12_frame4", all.narrow(0, 1, 2).select(2, 4), 3e-6);
  recording.compare("members12_frame8", all.narrow(0, 1, 2).select(2, 8), 2e-6);
  const auto wide = all.to(at::kDouble);
  CHECK(wide.abs().sum().item<double>() ==
        doctest::Approx(settings["abs_sum"].get<double>()).epsilon(2e-6));
  const auto& sums = recording.input("abs_sum_by_member_frame");
  recording.compare("abs_sum_by_member_frame", wide.abs().sum({1, 3, 4}), 2e-6);
  recording.compare_absolute("sum_by_member_frame", wide.sum({1, 3, 4}),
                             2e-6 * sums.max().item<double>());
}

TEST_CASE("sampler: fields to forecast, end to end, is the reference's") {
  if (!begin_parity("sampler", {"end_to_end.safetensors", "end_to_end.json"}) ||
      !begin_parity("dit_real_grid", {"diffusion_pytorch_model.safetensors"}) ||
      !begin_parity("dcae_full_grid", {"diffusion_pytorch_model.safetensors"}) ||
      !begin_parity("data", {"static.safetensors", "channels.json"}) ||
      !have_statics("240x121_land_sea_mask.pt") ||
      !have_statics("ERA5_latent_normal_1979_2017_lat84.json"))
    return;
  const auto settings = read_json(sampler() / "end_to_end.json");
  auto autoencoder = load_autoencoder(sampler() / settings["autoencoder"].get<std::string>(),
                                      at::kCPU, at::kFloat);
  autoencoder.pack(32, 64);
  auto forecaster =
      load_forecaster(sampler() / settings["model"].get<std::string>(), at::kCPU, at::kFloat);
  forecaster.pack();
  Recording recording(sampler() / "end_to_end.safetensors");

  const auto published = recorded_model(120, 240);
  const auto& channels = published.model.channels;
  const auto count = static_cast<std::int64_t>(channels.size());
  const auto column = [&](const std::vector<double>& values) {
    return at::tensor(values, at::kDouble).to(at::kFloat).to(at::kDouble).view({1, count, 1, 1});
  };
  const auto hash = hash_fields(count, 120, 240, settings["hash_k"]).to(at::kDouble);
  const auto physical =
      (column(published.moments.mean) + column(published.moments.std) * hash).to(at::kFloat);
  const auto land = read_pt(statics_folder() / "240x121_land_sea_mask.pt").narrow(0, 1, 120) > 0.5;
  for (std::size_t i = 0; i < channels.size(); ++i)
    if (channels[i].name == "sea_surface_temperature")
      physical[0][static_cast<std::int64_t>(i)].masked_fill_(land, NAN);
  recording.compare_exact("sst_nan_count", at::isnan(physical).sum());
  CHECK(at::isnan(physical).sum().item<int>() == settings["sst_nan_cells"]);
  const auto known = [](const at::Tensor& x) { return at::nan_to_num(x, -1e30); };
  const auto& corner = recording.input("fields_corner");
  CHECK(relative_error(known(physical[0].slice(1, 0, corner.size(1)).slice(2, 0, corner.size(2))),
                       known(corner)) == 0.0);

  const FieldScaling scaling(published.model, published.moments);
  const auto normalised =
      tensor_of(scaling.normalise(fields_of(physical, channels, published.model.grid)));
  const auto statics =
      read_safetensors(parity_folder() / "data/static.safetensors").at("static_normalised");
  const auto latent = encode(autoencoder, normalised, statics.unsqueeze(0));
  recording.compare("analysis_latent", latent[0], 4e-6);
  const auto moments = latent_moments();
  const auto condition = normalise_latent(latent, moments, 0.5, 1).unsqueeze(2);
  const auto noise = noise_of(settings["seeds"], {84, 4, 15, 30});
  const auto next = sample(forecaster, published_schedule(settings["num_inference_steps"]),
                           condition, noise, timestamp(settings), {});
  const auto frames = denormalise_latent(next, moments, 0.5, 1)[0];
  recording.compare("frame1", frames.select(1, 0), 3e-6);
  recording.compare("frame4", frames.select(1, 3), 3e-6);
}

}  // namespace
}  // namespace ladcast::test
