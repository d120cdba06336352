#include "nodes/ladcast/noise.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>

#include "graph/error.h"

namespace ladcast {

// LibTorch is the definition of these numbers, so its own generator draws them.
at::Tensor upstream_noise(int seed, at::IntArrayRef shape) {
  if (seed < 0) fail("the reference's noise needs a seed >= 0, not {}", seed);
  auto generator = at::detail::createCPUGenerator(static_cast<std::uint64_t>(seed));
  return at::randn(shape, std::optional<at::Generator>(generator), at::TensorOptions(at::kFloat));
}

}  // namespace ladcast
