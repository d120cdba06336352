// Latent: what the networks compute on, a tensor on its device.
#pragma once

#include <ATen/core/Tensor.h>

#include <string>
#include <vector>

#include "graph/payload.h"
#include "graph/spec.h"
#include "graph/time.h"

namespace ladcast {

/// float32 values [member][channel][lead][row][column], the axes of the network. On edges always
/// normalised (to target_std); `encode` scales, `decode` undoes it.
struct Latent {
  at::Tensor values;
  Time init{};
  std::vector<int> lead_hours;  // one for each lead
  std::vector<int> members;     // numbers from 1; {0} where there is only one and no ensemble
};

/// All of a latent as bytes, exactly, and back. Throws Error where the bytes are none.
std::string to_bytes(const Latent& latent);
Latent latent_from(const std::string& bytes);

/// Fills in what `spec` says of latents.
void describe_latent(Spec& spec, int channels, int rows, int columns, int members, int leads);

template <>
struct PayloadTraits<Latent> {
  static constexpr const char* name = "Latent";
  static std::size_t bytes(const Latent& latent) { return latent.values.nbytes(); }
  static std::vector<ArrayView> arrays(const Latent& latent);
  static void describe(const Latent& latent, Spec& spec);
};

}  // namespace ladcast
