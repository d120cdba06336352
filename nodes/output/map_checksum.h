// A checksum of one map, kept in place of its values until a file is read back.
#pragma once

#include <bit>
#include <cstdint>
#include <initializer_list>
#include <span>

namespace ladcast {

/// 64 bits that depend on each bit of `values` and on `place`. Two sequences that differ in one
/// value never have the same: each step is one to one in the sum so far, and in the value.
inline std::uint64_t checksum_of(std::span<const float> values, std::initializer_list<int> place) {
  std::uint64_t sum = values.size();
  const auto add = [&sum](std::uint32_t bits) {
    sum = (sum ^ bits) * 0x9E3779B97F4A7C15U;
    sum ^= sum >> 32U;
  };
  for (const int number : place) add(static_cast<std::uint32_t>(number));
  for (const float value : values) add(std::bit_cast<std::uint32_t>(value));
  return sum;
}

}  // namespace ladcast
