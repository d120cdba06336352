#include "nodes/verify/score_rows.h"

#include <doctest/doctest.h>
#include <oneapi/tbb/task_arena.h>

#include <limits>
#include <random>

using namespace ladcast;

namespace {

constexpr std::size_t kChannels = 30;

// Random maps of 6 x 30 points, some values of which are missing.
Fields fields(std::vector<int> members, unsigned seed) {
  Fields fields;
  fields.grid = {{-75, -45, -15, 15, 45, 75}, {}};
  for (int column = 0; column < 30; ++column) fields.grid.longitude.push_back(12.0 * column);
  for (std::size_t channel = 0; channel < kChannels; ++channel)
    fields.channels.push_back({"geopotential", static_cast<int>(channel), "m2 s-2"});
  fields.lead_hours = {6};
  fields.members = std::move(members);
  fields.allocate();
  std::mt19937 random(seed);
  std::normal_distribution<float> normal;
  for (float& value : fields.values)
    value = random() % 50 == 0 ? std::numeric_limits<float>::quiet_NaN() : normal(random);
  return fields;
}

}  // namespace

TEST_CASE("rows are in the order of the channels, and the same bits at any number of threads") {
  const Fields first = fields({1, 2, 3, 4}, 1);
  const Fields second = fields({5, 6, 7}, 2);
  const Fields truth = fields({0}, 3);
  const Fields climatology = fields({0}, 4);
  const MapScorer scorer(truth.grid, {.regions = {parse_score_region("global"),
                                                  parse_score_region("northern-hemisphere")},
                                      .extra = {"rank_histogram", "crps_ecdf"},
                                      .quantiles = {0.9}});
  const auto rows_with = [&](int threads) {
    std::vector<ScoreRow> rows;
    oneapi::tbb::task_arena(threads).execute([&] {
      append_score_rows(rows, {"model", {&first, &second}}, truth, &climatology, scorer);
    });
    return rows;
  };
  const auto expected = rows_with(1);
  const auto rows = rows_with(2);
  REQUIRE(rows.size() == expected.size());
  REQUIRE(rows.size() % kChannels == 0);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    CHECK(rows[i].channel == truth.channels[i / (rows.size() / kChannels)]);
    CHECK(rows[i].score == expected[i].score);
    CHECK(rows[i].value == expected[i].value);
    CHECK(rows[i].count == expected[i].count);
  }
}
