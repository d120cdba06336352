#include "nodes/train/losses.h"

#include <ATen/ATen.h>

namespace ladcast {
namespace {

at::Tensor norms_of_maps(const at::Tensor& maps) {
  return at::linalg_vector_norm(maps.flatten(2), 2, -1);
}

// [B] to [B, 1, 1, 1, 1]
at::Tensor for_frames(const at::Tensor& levels, const at::Tensor& like) {
  return levels.to(like.device(), like.scalar_type()).view({-1, 1, 1, 1, 1});
}

}  // namespace

at::Tensor relative_l2_loss(const at::Tensor& prediction, const at::Tensor& target,
                            const at::Tensor& weights) {
  const auto error = prediction - target;
  if (!weights.defined()) return (norms_of_maps(error) / norms_of_maps(target)).mean();
  return (norms_of_maps(weights * error) / norms_of_maps(weights * target)).mean();
}

at::Tensor autoencoder_loss(const Autoencoder& autoencoder, const AutoencoderBatch& batch) {
  const auto type = autoencoder.decoder.conv_in.weight.scalar_type();
  const auto seen = [type](const at::Tensor& x) { return x.defined() ? x.to(type) : x; };
  const auto latent = encode(autoencoder, seen(batch.fields), seen(batch.statics));
  auto prediction = decode_all_channels(autoencoder, latent).to(at::kFloat);
  auto target = batch.fields;
  auto missing = batch.missing;
  if (batch.statics.defined()) {
    const auto statics = batch.statics.expand({target.size(0), -1, -1, -1});
    target = at::cat({target, statics}, 1);
    if (missing.defined()) missing = at::cat({missing, at::zeros_like(statics, at::kBool)}, 1);
  }
  if (missing.defined()) prediction = at::where(missing, target, prediction);
  return relative_l2_loss(prediction, target, batch.weights);
}

at::Tensor noisy_latents(const ForecasterBatch& batch) {
  return batch.clean + batch.noise * for_frames(batch.levels.sigma, batch.clean);
}

at::Tensor denoised_latents(const Forecaster& forecaster, const ForecasterBatch& batch) {
  const auto type = forecaster.out.weight.scalar_type();
  const auto noisy = noisy_latents(batch);
  const auto input = noisy * for_frames(batch.levels.c_in, noisy);
  const auto context =
      begin_forecast(forecaster, batch.condition.to(type), batch.timestamps, batch.clean.size(2));
  const auto level =
      at_noise_level(forecaster, context, batch.levels.c_noise.to(noisy.device(), wide_type(type)));
  const auto output = evaluate(forecaster, context, level, input.to(type)).to(at::kFloat);
  return noisy * for_frames(batch.levels.c_skip, noisy) +
         output * for_frames(batch.levels.c_out, noisy);
}

at::Tensor forecaster_loss(const at::Tensor& denoised, const ForecasterBatch& batch) {
  auto squares = (denoised - batch.clean).square() * for_frames(batch.levels.weight, denoised);
  if (batch.weights.defined()) squares = squares * batch.weights;
  return squares.mean();
}

}  // namespace ladcast
