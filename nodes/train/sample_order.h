// Which samples an update learns from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

namespace ladcast {

/// Batches from a set of samples that is gone through again and again, each time in another order
/// that depends on the seed and the number of the epoch alone. The last batch of an epoch is filled
/// up from the next one. Thread-safe.
class SampleOrder {
 public:
  /// Requires: samples > 0, batch > 0.
  SampleOrder(std::size_t samples, std::size_t batch, std::uint64_t seed)
      : samples_(samples), batch_(batch), seed_(seed) {}

  /// Indices of the samples of a batch; the first batch is 0.
  std::vector<std::size_t> batch(std::int64_t number) const;

  /// How often all samples came before this batch.
  double epoch(std::int64_t number) const;

 private:
  using Order = std::vector<std::uint32_t>;
  std::shared_ptr<const Order> order_of(std::uint64_t epoch) const;

  std::size_t samples_, batch_;
  std::uint64_t seed_;
  mutable std::mutex mutex_;
  mutable std::map<std::uint64_t, std::shared_ptr<const Order>> orders_;  // of the last epochs
};

}  // namespace ladcast
