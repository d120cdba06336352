#include "nodes/ladcast/roll.h"

#include <ATen/ATen.h>

namespace ladcast {

at::Tensor roll_maps(const at::Tensor& maps, const at::Tensor& corners) {
  const auto given = corners.to(at::kCPU, at::kLong).contiguous();
  const auto* corner = given.data_ptr<std::int64_t>();
  std::vector<at::Tensor> rolled;
  for (std::int64_t i = 0; i < maps.size(0); ++i)
    rolled.push_back(maps[i].roll({-corner[2 * i + 1], -corner[2 * i]}, {1, 2}));
  return at::stack(rolled);
}

}  // namespace ladcast
