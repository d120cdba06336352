#include "nodes/train/sample_order.h"

#include <doctest/doctest.h>

#include <set>

namespace ladcast {
namespace {

std::vector<std::size_t> take(const SampleOrder& order, std::int64_t first, std::int64_t last) {
  std::vector<std::size_t> all;
  for (std::int64_t number = first; number < last; ++number)
    for (const std::size_t index : order.batch(number)) all.push_back(index);
  return all;
}

TEST_CASE("each epoch brings every sample once, in another order") {
  const SampleOrder order(10, 5, 7);
  const auto first = take(order, 0, 2);
  const auto second = take(order, 2, 4);
  CHECK(std::set<std::size_t>(first.begin(), first.end()).size() == 10);
  CHECK(std::set<std::size_t>(second.begin(), second.end()).size() == 10);
  CHECK(first != second);
  CHECK(order.epoch(0) == 0.0);
  CHECK(order.epoch(3) == 1.5);
}

TEST_CASE("a batch that an epoch does not fill takes from the next") {
  const SampleOrder order(10, 4, 7);
  const auto all = take(order, 0, 5);  // two epochs
  std::multiset<std::size_t> counted(all.begin(), all.end());
  for (std::size_t i = 0; i < 10; ++i) CHECK(counted.count(i) == 2);
}

TEST_CASE("the order depends on the seed, and not on what was asked before") {
  const SampleOrder straight(100, 10, 1), again(100, 10, 1), other(100, 10, 2);
  const auto wanted = straight.batch(57);
  for (std::int64_t number = 0; number < 60; number += 7) again.batch(number);
  CHECK(again.batch(57) == wanted);
  CHECK(other.batch(57) != wanted);
}

TEST_CASE("a set that is smaller than a batch is gone through several times") {
  const SampleOrder order(3, 7, 1);
  CHECK(order.batch(0).size() == 7);
  CHECK(order.epoch(3) == 7.0);
}

}  // namespace
}  // namespace ladcast
