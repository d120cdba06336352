#include "nodes/verify/latitude_weights.h"

#include <doctest/doctest.h>

#include <cmath>
#include <numeric>

#include "tests/nodes/error_message.h"

using namespace ladcast;

TEST_CASE("area weights are those of cells between midpoints") {
  // sin 30, sin 60 and their differences
  const auto weights =
      latitude_weights(std::vector<double>{-75, -45, -15, 15, 45, 75}, LatitudeWeighting::area);
  const double polar = 3 * (1 - std::sqrt(3.0) / 2);
  CHECK(weights[0] == doctest::Approx(polar).epsilon(1e-14));
  CHECK(weights[1] == doctest::Approx(1.0980762113533158).epsilon(1e-14));
  CHECK(weights[2] == doctest::Approx(1.5).epsilon(1e-14));
  CHECK(weights[5] == doctest::Approx(polar).epsilon(1e-14));
}

TEST_CASE(
    "the row next to a missing pole row keeps its share under area and is stretched under wb2") {
  const std::vector<double> cropped{-60, -30, 0, 30, 60, 90};
  const auto area = latitude_weights(cropped, LatitudeWeighting::area);
  const auto wb2 = latitude_weights(cropped, LatitudeWeighting::wb2);
  CHECK(area[0] == doctest::Approx(area[4]));
  CHECK(wb2[0] == doctest::Approx(wb2[4] + wb2[5]));
}

TEST_CASE("weights have mean 1 and do not depend on which hemisphere comes first") {
  const std::vector<double> gaussian{-81.65, -59.07, -35.53, -11.0, 13.0, 41.0, 77.0};
  std::vector<double> mirrored;
  for (auto it = gaussian.rbegin(); it != gaussian.rend(); ++it) mirrored.push_back(-*it);
  for (const char* name : {"area", "wb2", "cos"}) {
    const auto weights = latitude_weights(gaussian, parse_latitude_weighting(name));
    const auto other = latitude_weights(mirrored, parse_latitude_weighting(name));
    CHECK(std::accumulate(weights.begin(), weights.end(), 0.0) == doctest::Approx(7.0));
    for (std::size_t row = 0; row < weights.size(); ++row)
      CHECK(weights[row] == doctest::Approx(other[weights.size() - 1 - row]).epsilon(1e-14));
  }
}

TEST_CASE("one row weighs 1") {
  CHECK(latitude_weights(std::vector<double>{52.5}, LatitudeWeighting::area)[0] == 1.0);
}

TEST_CASE("an unknown weighting is refused by name") {
  CHECK(error_of([] { parse_latitude_weighting("areas"); }) ==
        "unknown latitude weighting 'areas', known are area, wb2 and cos");
}
