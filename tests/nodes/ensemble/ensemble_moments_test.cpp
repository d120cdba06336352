#include <doctest/doctest.h>

#include <cmath>

#include "graph/harness.h"
#include "nodes/values/fields_payload.h"

using namespace ladcast;

namespace {

Fields batch(std::vector<int> members, std::vector<float> values) {
  return {
      Grid{{0}, {0, 180}}, {{"2m_temperature", {}, "K"}}, Time{}, {6}, std::move(members), false,
      std::move(values)};
}

Harness ensemble() {
  Harness harness("ensemble_moments");
  harness.plan("members = 3\nbatch = 2\nlead = { step_hours = 6, until_hours = 6 }")
      .put_all<Fields>(
          "fields", {{{0, 1, 0}, batch({1, 2}, {1, 10, 2, 10})}, {{0, 1, 1}, batch({3}, {6, 10})}},
          Axes{true, {1, 1, 1}, true});
  return harness;
}

}  // namespace

TEST_CASE("ensemble_moments sends the mean of all batches") {
  CHECK(ensemble().get<Fields>("mean").values == std::vector<float>{3, 10});
}

TEST_CASE("ensemble_moments sends the standard deviation of all batches") {
  const auto deviation = ensemble().get<Fields>("standard_deviation");
  CHECK(deviation.values[0] == doctest::Approx(std::sqrt(7.0)));
  CHECK(deviation.values[1] == 0.0F);
}
