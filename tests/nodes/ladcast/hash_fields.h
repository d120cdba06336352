// The exact integer hash that stands for input fields in the recorded cases.
#pragma once

#include <ATen/ATen.h>

#include <cstdint>

namespace ladcast::test {

/// [1, channels, rows, columns] float32 in [-1, 1); the formula is in the README of the recordings.
inline at::Tensor hash_fields(std::int64_t channels, std::int64_t rows, std::int64_t columns,
                              std::int64_t k) {
  auto fields = at::empty({1, channels, rows, columns}, at::kFloat);
  auto* value = fields.data_ptr<float>();
  for (std::int64_t c = 1; c <= channels; ++c)
    for (std::int64_t i = 1; i <= rows; ++i)
      for (std::int64_t j = 1; j <= columns; ++j) {
        std::int64_t n = c * 7919 + i * 104729 + j * 1299709 + c * i * j * 31 + k * 15485863;
        n = (n * 40503 + n / 65536 * 9973) % 65536;
        *value++ = static_cast<float>(n) / 32768.0F - 1.0F;
      }
  return fields;
}

}  // namespace ladcast::test
