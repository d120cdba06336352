#include "nodes/verify/sort_rows.h"

#include <algorithm>
#include <bit>

#include "nodes/verify/clones.h"

namespace ladcast {

std::vector<std::pair<std::size_t, std::size_t>> sorting_network(std::size_t rows) {
  std::vector<std::pair<std::size_t, std::size_t>> pairs;
  if (rows < 2) return pairs;
  const std::size_t top = std::bit_ceil(rows) / 2;
  for (std::size_t p = top; p > 0; p /= 2) {
    std::size_t distance = p;
    std::size_t remainder = 0;
    for (std::size_t q = top; q >= p; q /= 2) {
      for (std::size_t row = 0; row + distance < rows; ++row) {
        if ((row & p) == remainder) pairs.emplace_back(row, row + distance);
      }
      distance = q - p;
      remainder = p;
    }
  }
  return pairs;
}

LADCAST_CLONES void sort_rows(float* block, std::size_t columns,
                              const std::vector<std::pair<std::size_t, std::size_t>>& network) {
  for (const auto& [low, high] : network) {
    float* const lower = block + low * columns;
    float* const upper = block + high * columns;
    for (std::size_t column = 0; column < columns; ++column) {
      const float a = lower[column];
      const float b = upper[column];
      lower[column] = std::min(a, b);
      upper[column] = std::max(a, b);
    }
  }
}

}  // namespace ladcast
