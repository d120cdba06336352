#include "nodes/verify/extremes.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "graph/error.h"

using namespace ladcast;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
using Values = std::vector<double>;

// Percentile p has the value p.
Values even_climate() {
  Values climate;
  for (int i = 0; i <= 100; ++i) climate.push_back(i);
  return climate;
}

}  // namespace

TEST_CASE("EFI is 1 beyond the climate, -1 below it, 0 for the climate itself") {
  const auto climate = even_climate();
  CHECK(extreme_forecast_index(climate, Values{101, 150}) == doctest::Approx(1.0));
  CHECK(extreme_forecast_index(climate, Values{-5, -1}) == doctest::Approx(-1.0));
  Values members;
  for (int i = 0; i < 100; ++i) members.push_back(i + 0.5);
  CHECK(std::abs(extreme_forecast_index(climate, members)) < 1e-12);
  CHECK(extreme_forecast_index(climate, Values{101, -5}) == doctest::Approx(0.0));
}

TEST_CASE("EFI is of any order of the members and moves with the climate") {
  auto climate = even_climate();
  const double efi = extreme_forecast_index(climate, Values{70, 90, 99, 120});
  CHECK(efi > 0.5);
  CHECK(efi < 1.0);
  CHECK(extreme_forecast_index(climate, Values{120, 99, kNan, 70, 90}) == efi);
  for (double& value : climate) value += 1000.0;
  CHECK(extreme_forecast_index(climate, Values{1070, 1090, 1099, 1120}) == efi);
}

TEST_CASE("EFI of amounts leaves out the dry part of the climate") {
  Values climate(101, 0.0);
  CHECK(std::isnan(extreme_forecast_index(climate, Values{3.0}, 0.1)));
  for (std::size_t i = 80; i <= 100; ++i) climate[i] = static_cast<double>(i) - 79.0;
  CHECK(extreme_forecast_index(climate, Values{50.0, 60.0}, 0.1) == doctest::Approx(1.0));
  CHECK(extreme_forecast_index(climate, Values{0.0, 0.0}, 0.1) < 0.0);
}

TEST_CASE("EFI is missing without members or with gaps in the climate") {
  auto climate = even_climate();
  CHECK(std::isnan(extreme_forecast_index(climate, Values{kNan})));
  CHECK(std::isnan(extreme_forecast_index(climate, Values{})));
  climate[3] = kNan;
  CHECK(std::isnan(extreme_forecast_index(climate, Values{3.0})));
}

TEST_CASE("the shift of tails is measured by the distance between climate quantiles") {
  const auto climate = even_climate();
  CHECK(shift_of_tails(climate, Values{99, 99}, 90) == 0.0);
  CHECK(shift_of_tails(climate, Values{108, kNan}, 90) == doctest::Approx(1.0));
  CHECK(shift_of_tails(climate, Values{-8}, 10) == doctest::Approx(1.0));
  CHECK(shift_of_tails(climate, Values{1000}, 90) == 10.0);
  CHECK(shift_of_tails(climate, Values{-1000}, 90) == -10.0);
  CHECK(std::isnan(shift_of_tails(climate, Values{kNan}, 90)));
  CHECK(std::isnan(shift_of_tails(Values(101, 5.0), Values{7}, 90)));
  CHECK(std::isnan(shift_of_tails(climate, Values{108}, 90, 9.0)));
  CHECK_THROWS_WITH_AS(shift_of_tails(climate, Values{7}, 50),
                       "the shift of tails has no percentile 50: give 2 to 49 or 51 to 98", Error);
  CHECK_THROWS_WITH_AS(shift_of_tails(Values{1, 2}, Values{7}, 90),
                       "the climate of a shift of tails has 2 values, not the percentiles 0 to 100",
                       Error);
}
