// Cosine and average are compared with the reference's in parity_training_test.cpp.
#include "nodes/train/schedules.h"

#include <doctest/doctest.h>

namespace ladcast {
namespace {

TEST_CASE("a search rises by the same factor in each step, up to the peak") {
  const LearningRate rate{.peak = 1e-2, .warm_up = 1000, .steps = 100, .searches = true};
  CHECK(rate.at(0) == doctest::Approx(1e-6));
  CHECK(rate.at(50) == doctest::Approx(1e-4));
  CHECK(rate.at(100) == doctest::Approx(1e-2));
  CHECK(rate.at(11) / rate.at(10) == doctest::Approx(rate.at(91) / rate.at(90)));
}

}  // namespace
}  // namespace ladcast
