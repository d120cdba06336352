#include "nodes/ladcast/network_memory.h"

#include "nodes/ladcast/dcae.h"
#include "nodes/ladcast/transformer.h"

namespace ladcast {
namespace {

std::size_t weight_bytes(const DescribeNetwork& describe) {
  return sizeof(float) * static_cast<std::size_t>(count_parameters(list_tensors(describe)));
}

}  // namespace

Memory autoencoder_memory(const std::filesystem::path& folder, const Grid& grid, int batch) {
  if (!std::filesystem::exists(folder / "config.json")) return {};
  const auto config = read_autoencoder_config(folder);
  Autoencoder network(config);
  // The widest point: a gated block at full resolution holds its input, the convolution's padded
  // copy and output; a coarser stage with attention holds eight times its width, on a quarter of
  // the points.
  std::int64_t widest = 0;
  std::int64_t scale = 1;
  for (std::size_t stage = 0; stage < config.decoder.size(); ++stage, scale *= 4) {
    const auto& d = config.decoder[stage];
    const auto& e = config.encoder[stage];
    widest = std::max({widest, d.channels * (d.attention ? 20 : 5) / scale,
                       e.channels * (e.attention ? 20 : 5) / scale});
  }
  return {.resident = weight_bytes([&](const VisitTensor& visit) { network.describe(visit); }),
          .scratch = sizeof(float) * static_cast<std::size_t>(widest) * grid.points() *
                     static_cast<std::size_t>(batch)};
}

Memory forecaster_memory(const Model& model, int batch) {
  if (model.forecaster.empty() || !std::filesystem::exists(model.forecaster / "config.json"))
    return {};
  const auto config = read_forecaster_config(model.forecaster);
  Forecaster network(config);
  const std::int64_t points =
      std::int64_t{model.latent.rows} * model.latent.columns / (config.patch * config.patch);
  const std::int64_t tokens = points * (model.frames / config.patch_time + 1);
  // Of each token: residual, norm, q, k, v, attention, MLP hidden (mlp_ratio widths, twice) and
  // output.
  const std::int64_t widths = 8 + 2 * (config.mlp_width() / config.width());
  // The solver: x, its derivative, two network outputs and the noise, in double precision.
  const std::int64_t state = std::int64_t{5} * 8 * model.latent.channels * model.latent.rows *
                             model.latent.columns * model.frames;
  return {.resident = weight_bytes([&](const VisitTensor& visit) { network.describe(visit); }),
          .scratch = static_cast<std::size_t>(batch) *
                     static_cast<std::size_t>(static_cast<std::int64_t>(sizeof(float)) * tokens *
                                                  config.width() * widths +
                                              state)};
}

}  // namespace ladcast
