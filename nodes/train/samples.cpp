#include "nodes/train/samples.h"

#include <ATen/ATen.h>
#include <fmt/ranges.h>

namespace ladcast {

std::string name_of(const std::vector<Time>& times) {
  std::vector<std::string> names;
  for (const Time time : times) names.push_back(short_time(time));
  return fmt::format("{}", fmt::join(names, ", "));
}

std::size_t PayloadTraits<Samples>::bytes(const Samples& samples) {
  std::size_t total = 0;
  for (const auto* tensor : {&samples.values, &samples.missing, &samples.statics, &samples.weights})
    if (tensor->defined()) total += tensor->nbytes();
  return total;
}

std::vector<ArrayView> PayloadTraits<Samples>::arrays(const Samples& samples) {
  const at::Tensor values = samples.values.contiguous();
  const auto sizes = values.sizes();
  return {{"values",
           {sizes.begin(), sizes.end()},
           {values.const_data_ptr<float>(), static_cast<std::size_t>(values.numel())},
           std::make_shared<const at::Tensor>(values)}};
}

}  // namespace ladcast
