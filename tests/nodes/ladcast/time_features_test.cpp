#include "nodes/ladcast/time_features.h"

#include <ATen/ATen.h>
#include <doctest/doctest.h>

#include <cmath>

#include "tests/nodes/error_message.h"

namespace ladcast {
namespace {

TEST_CASE("times become digits") {
  CHECK(timestamp_of(parse_time("2018-12-31T12:00:00Z")) == 2018123112);
  CHECK(timestamp_of(parse_time("0850-03-04")) == 850030400);
}

TEST_CASE("the year's progress knows leap years") {
  CHECK(year_progress(2018010100) == 0.0);
  CHECK(year_progress(2019030100) == doctest::Approx(59.0 / 365.0).epsilon(1e-15));
  CHECK(year_progress(2020030100) == doctest::Approx(60.0 / 366.0).epsilon(1e-15));
  CHECK(year_progress(2100030100) == doctest::Approx(59.0 / 365.0).epsilon(1e-15));
}

TEST_CASE("digits that are no time are refused") {
  for (const std::int64_t bad :
       {0LL, 2018LL, 2018130100LL, 2019022900LL, 2018010124LL, 20180101000LL, -2018010100LL})
    CHECK(contains(error_of([&] { year_progress(bad); }), "not a time of the form YYYYMMDDHH"));
}

TEST_CASE("a year's features are damped harmonics, sines first") {
  const auto features =
      year_features(at::tensor({std::int64_t{2019040206}}), at::kDouble);  // a quarter of the year
  REQUIRE(features.sizes() == at::IntArrayRef({1, 256}));
  CHECK(features[0][0].item<double>() == doctest::Approx(1.0));
  CHECK(features[0][128].item<double>() == doctest::Approx(0.0).epsilon(1e-12));
  CHECK(features[0][129].item<double>() == doctest::Approx(-std::pow(10000.0, -1.0 / 128.0)));
}

TEST_CASE("a noise level's features are cosines, then sines") {
  const auto features = noise_level_features(at::tensor({0.5}, at::kDouble));
  CHECK(features[0][0].item<double>() == doctest::Approx(std::cos(0.5)));
  CHECK(features[0][128].item<double>() == doctest::Approx(std::sin(0.5)));
  CHECK(features[0][255].item<double>() ==
        doctest::Approx(std::sin(0.5 * std::pow(10000.0, -127.0 / 128.0))));
}

}  // namespace
}  // namespace ladcast
