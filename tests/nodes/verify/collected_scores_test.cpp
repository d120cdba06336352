#include "nodes/verify/collected_scores.h"

#include <doctest/doctest.h>

#include "tests/nodes/error_message.h"

using namespace ladcast;

namespace {

std::vector<ScoreRow> mse(double value) {
  return {{{}, 6, "model", "global", {"2m_temperature", {}, "K"}, "mse", {}, {}, value, 1.0, 9}};
}

}  // namespace

TEST_CASE("collected scores are taken in the order of items, whatever the order of completion") {
  std::vector<std::pair<int, std::size_t>> taken;  // item, keys
  CollectedScores scores(
      [&](int item, const CollectedScores::Item& keys) { taken.emplace_back(item, keys.size()); });
  scores.add(1, mse(3));
  scores.complete(1);
  CHECK(taken.empty());
  scores.add(2, mse(100));
  scores.drop(2);
  scores.add(0, mse(1));
  scores.add(0, {});
  CHECK(scores.last(0).empty());
  scores.complete(0);
  CHECK(taken == std::vector<std::pair<int, std::size_t>>{{0, 2}, {1, 1}, {2, 0}});
  scores.add(3, mse(8));
  scores.finish();
  CHECK(taken.back() == std::pair<int, std::size_t>{3, 1});
  const auto means = scores.means().rows(6);
  REQUIRE(means.size() == 1);
  CHECK(means[0].value == 4.0);
  CHECK(means[0].count == 3);
}

TEST_CASE("inputs are joined in their order, and each forecast comes from one of them") {
  const Scores one{mse(1)}, other{mse(2)};
  Scores named = other;
  named.rows[0].forecast = "other";
  const auto rows = joined({&named, &one});
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].forecast == "other");
  CHECK(contains(error_of([&] {
                   joined({&one, &other});
                 }),
                 "two inputs score the forecast 'model'"));
}
