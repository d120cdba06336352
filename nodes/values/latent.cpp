#include "nodes/values/latent.h"

#include <ATen/ATen.h>
#include <fmt/ranges.h>
#include <torch/headeronly/version.h>

#include <sstream>

#include "graph/error.h"
#include "graph/version.h"

namespace ladcast {
namespace {

const VersionNote version{"LibTorch", [] { return std::string(TORCH_VERSION); }};

}  // namespace

// A line of text "B C T H W init; lead hours; members", then the values.
std::string to_bytes(const Latent& latent) {
  const at::Tensor host = latent.values.cpu().contiguous();
  std::string bytes = fmt::format("{} {}; {} {}; {} {}\n", fmt::join(host.sizes(), " "),
                                  latent.init.time_since_epoch().count(), latent.lead_hours.size(),
                                  fmt::join(latent.lead_hours, " "), latent.members.size(),
                                  fmt::join(latent.members, " "));
  bytes.append(static_cast<const char*>(host.const_data_ptr()), host.nbytes());
  return bytes;
}

Latent latent_from(const std::string& bytes) {
  const auto end = bytes.find('\n');
  std::istringstream head(bytes.substr(0, end));
  std::vector<std::int64_t> sizes(5);
  for (auto& size : sizes) head >> size;
  std::int64_t seconds = 0;
  head >> seconds;
  Latent latent{{}, Time{std::chrono::seconds{seconds}}, {}, {}};
  for (auto* list : {&latent.lead_hours, &latent.members}) {
    char semicolon = 0;
    std::size_t count = 0;
    head >> semicolon >> count;
    list->resize(std::min<std::size_t>(count, 1 << 20));
    for (auto& value : *list) head >> value;
  }
  std::size_t values = sizeof(float);
  for (const auto size : sizes) values *= static_cast<std::size_t>(size);
  if (!head || end == std::string::npos || bytes.size() - end - 1 != values)
    fail("a saved latent is damaged");
  latent.values = at::empty(sizes, at::kFloat);
  std::copy_n(bytes.data() + end + 1, values, static_cast<char*>(latent.values.mutable_data_ptr()));
  return latent;
}

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
