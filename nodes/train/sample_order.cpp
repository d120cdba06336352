#include "nodes/train/sample_order.h"

#include <algorithm>
#include <numeric>

#include "graph/random.h"

namespace ladcast {

std::vector<std::size_t> SampleOrder::batch(std::int64_t number) const {
  std::vector<std::size_t> indices;
  const std::uint64_t first = static_cast<std::uint64_t>(number) * batch_;
  for (std::uint64_t at = first; at < first + batch_; ++at)
    indices.push_back((*order_of(at / samples_))[at % samples_]);
  return indices;
}

double SampleOrder::epoch(std::int64_t number) const {
  return static_cast<double>(number) * static_cast<double>(batch_) / static_cast<double>(samples_);
}

/// Samples sorted by a random number for each.
std::shared_ptr<const SampleOrder::Order> SampleOrder::order_of(std::uint64_t epoch) const {
  constexpr std::size_t kKept = 4;  // several batches are read ahead
  const std::lock_guard lock(mutex_);
  auto& order = orders_[epoch];
  if (order) return order;
  std::vector<std::uint64_t> keys(samples_);
  for (std::size_t i = 0; i < samples_; ++i) {
    const auto block =
        philox({static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(epoch),
                static_cast<std::uint32_t>(epoch >> 32), 0x6f726472U},
               {static_cast<std::uint32_t>(seed_), static_cast<std::uint32_t>(seed_ >> 32)});
    keys[i] = (std::uint64_t{block[0]} << 32) | block[1];
  }
  Order made(samples_);
  std::iota(made.begin(), made.end(), 0U);
  std::sort(made.begin(), made.end(), [&keys](std::uint32_t a, std::uint32_t b) {
    return std::pair(keys[a], a) < std::pair(keys[b], b);
  });
  order = std::make_shared<const Order>(std::move(made));
  const auto result = order;
  while (orders_.size() > kKept)
    orders_.erase(orders_.begin()->first == epoch ? std::prev(orders_.end()) : orders_.begin());
  return result;
}

}  // namespace ladcast
