#include "nodes/report/contours.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

using namespace ladcast;

TEST_CASE("a contour crosses a ramp in a straight line") {
  const std::vector<float> ramp = {0, 1, 2, 0, 1, 2};
  const auto lines = contour_lines(ramp, 2, 3, 0.25);
  REQUIRE(lines.size() == 1);
  REQUIRE(lines[0].size() == 2);
  for (const auto& point : lines[0]) CHECK(point.x == doctest::Approx(0.25));
  CHECK(std::abs(lines[0][0].y - lines[0][1].y) == doctest::Approx(1));
}

TEST_CASE("the contour of a cone is one closed circle") {
  constexpr std::size_t kSize = 41;
  std::vector<float> cone;
  for (std::size_t y = 0; y < kSize; ++y)
    for (std::size_t x = 0; x < kSize; ++x)
      cone.push_back(
          static_cast<float>(std::hypot(static_cast<double>(x) - 20, static_cast<double>(y) - 20)));
  const auto lines = contour_lines(cone, kSize, kSize, 12.5);
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].front().x == lines[0].back().x);
  CHECK(lines[0].front().y == lines[0].back().y);
  for (const auto& point : lines[0])
    CHECK(std::hypot(point.x - 20, point.y - 20) == doctest::Approx(12.5).epsilon(0.002));
}

TEST_CASE("the mean of a square decides which corners a saddle joins") {
  // Corners 0 and 3 are high; the mean is above the level, so the low corners are cut off.
  for (const float high : {4.0F, 1.1F}) {
    const auto lines = contour_lines(std::vector<float>{high, 0, 0, high}, 2, 2, 1);
    REQUIRE(lines.size() == 2);
    const bool joined = high / 2 >= 1;
    for (const auto& line : lines) {
      const double x = (line[0].x + line[1].x) / 2, y = (line[0].y + line[1].y) / 2;
      const bool around_low = (x > 0.5) != (y > 0.5);
      CHECK(around_low == joined);
    }
  }
}

TEST_CASE("where a value is missing there is no contour") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  CHECK(contour_lines(std::vector<float>{0, 1, nan, 1}, 2, 2, 0.5).empty());
}
