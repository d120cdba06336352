// The autoencoder: fields on the grid to and from the latent space (ladcast.md, DC-AE 1 to 11).
#pragma once

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <variant>
#include <vector>

#include "nodes/ladcast/config.h"
#include "nodes/ladcast/dcae_blocks.h"
#include "nodes/ladcast/module_trace.h"
#include "nodes/ladcast/weights.h"

namespace ladcast {

using EncoderBlock = std::variant<ResBlock, AttentionBlock, DownBlock>;
using DecoderBlock = std::variant<ResBlock, AttentionBlock, UpBlock>;

/// Thread-safe for concurrent encode() and decode() once loaded.
struct Autoencoder {
  AutoencoderConfig config;
  struct {
    SphereConv conv_in;
    std::vector<EncoderBlock> down_blocks;
    SphereConv conv_out;
  } encoder;
  struct {
    SphereConv conv_in;
    std::vector<DecoderBlock> up_blocks;
    RmsNorm norm_out;
    SphereConv conv_out;
  } decoder;
  bool recomputes = false;  // a training computes blocks again instead of keeping what is inside

  /// The network of `config` without weights.
  explicit Autoencoder(AutoencoderConfig config);

  void describe(const VisitTensor& visit);

  /// Makes what follows from the weights (fused and flipped kernels). Call it when they have
  /// changed.
  void prepare(PoleGradients gradients = PoleGradients::full);

  /// Puts the weights into the order in which the CPU computes fastest. After prepare(); for a
  /// network that only computes. Rows and columns are those of the grid.
  void pack(std::int64_t rows, std::int64_t columns);
};

/// Reads FOLDER/config.json and the weights. Throws Error that names every tensor that does not
/// fit.
Autoencoder load_autoencoder(const std::filesystem::path& folder, at::Device device,
                             at::ScalarType dtype);

/// dynamic [B, C, H, W] and statics [1 or B, S, H, W], both normalised, to the un-normalised latent
/// [B, latent channels, H / f, W / f], f = config.compression(). Throws Error if shapes do not fit.
at::Tensor encode(const Autoencoder& autoencoder, const at::Tensor& dynamic,
                  const at::Tensor& statics, const ModuleTrace& trace = {});

/// Un-normalised latent to the dynamic channels [B, C, H, W], normalised.
at::Tensor decode(const Autoencoder& autoencoder, const at::Tensor& latent,
                  const ModuleTrace& trace = {});

/// The same with the static channels, which follow the dynamic ones.
at::Tensor decode_all_channels(const Autoencoder& autoencoder, const at::Tensor& latent,
                               const ModuleTrace& trace = {});

}  // namespace ladcast
