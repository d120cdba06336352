// Sorts many short columns at once.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace ladcast {

/// Batcher's merge exchange (Knuth, The Art of Computer Programming 3, algorithm 5.2.2M): pairs of
/// rows to compare and exchange, in order, that sort `rows` values. The same pairs serve all
/// columns of a block, so the inner loop runs over columns without a branch.
std::vector<std::pair<std::size_t, std::size_t>> sorting_network(std::size_t rows);

/// Sorts each of `columns` columns of the row-major `block`. Requires: no NaN.
void sort_rows(float* block, std::size_t columns,
               const std::vector<std::pair<std::size_t, std::size_t>>& network);

}  // namespace ladcast
