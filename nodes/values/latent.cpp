#include "nodes/values/latent.h"

#include <fmt/format.h>
#include <torch/headeronly/version.h>

#include "graph/version.h"

namespace ladcast {
namespace {

const VersionNote version{"LibTorch", [] { return std::string(TORCH_VERSION); }};

}  // namespace

void describe_latent(Spec& spec, int channels, int rows, int columns, int members, int leads) {
  spec.channels.clear();
  for (int i = 0; i < channels; ++i) spec.channels.push_back(fmt::format("latent {}", i));
  spec.shape = {static_cast<std::size_t>(rows), static_cast<std::size_t>(columns)};
  spec.normalised = true;
  spec.bytes = sizeof(float) * spec.channels.size() * spec.shape[0] * spec.shape[1] *
               static_cast<std::size_t>(members) * static_cast<std::size_t>(leads);
}

std::vector<ArrayView> PayloadTraits<Latent>::arrays(const Latent& latent) {
  auto host = std::make_shared<at::Tensor>(latent.values.cpu().contiguous());
  std::vector<std::size_t> shape;
  for (const auto size : host->sizes()) shape.push_back(static_cast<std::size_t>(size));
  return {{"values",
           shape,
           {host->const_data_ptr<float>(), static_cast<std::size_t>(host->numel())},
           host}};
}

void PayloadTraits<Latent>::describe(const Latent& latent, Spec& spec) {
  const auto size = [&](int axis) { return static_cast<int>(latent.values.size(axis)); };
  describe_latent(spec, size(1), size(3), size(4), size(0), size(2));
}

}  // namespace ladcast
