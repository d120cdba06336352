// The small planet's real weights against the reference's results for one analysis.
#include <ATen/ATen.h>
#include <doctest/doctest.h>

#include "nodes/ladcast/dcae.h"
#include "nodes/ladcast/edm.h"
#include "nodes/ladcast/noise.h"
#include "nodes/ladcast/statistics.h"
#include "nodes/transform/normalise_fields.h"
#include "tests/nodes/ladcast/fixtures.h"
#include "tests/nodes/ladcast/recorded_model.h"

namespace ladcast::test {
namespace {

constexpr std::int64_t kAnalysisTime = 2002011100;

TEST_CASE("small planet: from the analysis to the decoded forecast") {
  const auto [folder, file] = small_planet();
  if (!std::filesystem::exists(file)) {
    std::printf("  ABSENT: %s, its comparisons are not made\n", file.c_str());
    return;
  }
  const auto model = Model::read(folder);
  auto autoencoder = load_autoencoder(model.autoencoder, at::kCPU, at::kFloat);
  autoencoder.pack(32, 64);
  auto forecaster = load_forecaster(model.forecaster, at::kCPU, at::kFloat);
  forecaster.pack();
  const auto moments =
      read_latent_moments(model.latent_statistics, static_cast<std::size_t>(model.latent.channels));
  const FieldScaling scaling(model);
  const auto physical = [&](const at::Tensor& maps) {
    return tensor_of(
        scaling.denormalise(fields_of(maps, model.channels, model.network_grid(), true)));
  };
  Recording recording(file);
  // Each channel by itself: geopotential would hide all others.
  const auto compare_channels = [&](const char* name, const at::Tensor& maps, double tolerance) {
    const auto& recorded = recording.input(name);
    const auto axis = recorded.dim() - 3;
    for (std::int64_t channel = 0; channel < recorded.size(axis); ++channel) {
      INFO(name, " channel ", channel);
      CHECK(relative_error(maps.select(axis, channel), recorded.select(axis, channel)) < tolerance);
    }
    recording.compare(name, maps, tolerance);
  };

  const auto fields = recording.input("fields").unsqueeze(0);
  const auto normalised =
      tensor_of(scaling.normalise(fields_of(fields, model.channels, model.grid)));
  compare_channels("fields_normalised", normalised[0], 2e-6);
  const auto statics = recording.input("static_normalised").unsqueeze(0);
  const auto latent = encode(autoencoder, normalised, statics);
  recording.compare("latent", latent[0], 2e-5);
  recording.compare("latent_normalised", normalise_latent(latent, moments, model.target_std, 1)[0],
                    2e-5);
  compare_channels("reconstruction", physical(decode(autoencoder, latent))[0], 7e-6);

  const auto& noise = recording.input("noise");
  recording.compare_absolute("noise",
                             at::stack({upstream_noise(0, noise.sizes().slice(1)),
                                        upstream_noise(1, noise.sizes().slice(1))}),
                             2e-6);
  const auto schedule = Schedule::karras(20, 0.002, 80.0, 7.0, 0.5);
  const auto condition = recording.input("latent_normalised").unsqueeze(0).unsqueeze(2);
  const auto context =
      begin_forecast(forecaster, condition, at::tensor({kAnalysisTime}), noise.size(2));
  const auto level = at_noise_level(forecaster, context, at::tensor({schedule.c_noise[10]}));
  recording.compare("evaluation_output", evaluate(forecaster, context, level, noise), 3e-6);

  const auto forecast = sample(forecaster, schedule, condition, noise, kAnalysisTime, {});
  recording.compare("forecast_latent_normalised", forecast, 4e-6);
  const auto decoded = [&](std::int64_t frame) {
    return physical(decode(
        autoencoder, denormalise_latent(forecast.select(2, frame), moments, model.target_std, 1)));
  };
  compare_channels("forecast_fields_6h", decoded(0), 7e-6);
  compare_channels("forecast_fields_24h", decoded(3), 7e-6);
}

}  // namespace
}  // namespace ladcast::test
