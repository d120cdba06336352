#include "nodes/verify/sort_rows.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

using namespace ladcast;

TEST_CASE("columns of any length are sorted as std::sort does") {
  std::mt19937 random(7);
  std::uniform_int_distribution<int> small(0, 20);  // with ties
  for (std::size_t rows = 1; rows <= 70; ++rows) {
    const std::size_t columns = 5;
    std::vector<float> block(rows * columns);
    for (float& value : block) value = static_cast<float>(small(random)) / 4;
    const auto before = block;
    sort_rows(block.data(), columns, sorting_network(rows));
    for (std::size_t column = 0; column < columns; ++column) {
      std::vector<float> expected(rows);
      std::vector<float> actual(rows);
      for (std::size_t row = 0; row < rows; ++row) {
        expected[row] = before[row * columns + column];
        actual[row] = block[row * columns + column];
      }
      std::sort(expected.begin(), expected.end());
      CHECK(actual == expected);
    }
  }
}
