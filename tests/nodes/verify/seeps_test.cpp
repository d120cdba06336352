#include "nodes/verify/seeps.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <vector>

using namespace ladcast;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

namespace {

// Of 24 hours.
double seeps_of(double forecast, double truth, double dry, double heavy_from) {
  return seeps(forecast, truth, kDryMetres, {dry, heavy_from});
}

}  // namespace

TEST_CASE("a quarter of a millimetre is dry, the climatological limit is heavy") {
  CHECK(precipitation_class(0.0, kDryMetres, 0.004) == Precipitation::dry);
  CHECK(precipitation_class(0.00025, kDryMetres, 0.004) == Precipitation::dry);
  CHECK(precipitation_class(0.000251, kDryMetres, 0.004) == Precipitation::light);
  CHECK(precipitation_class(0.004, kDryMetres, 0.004) == Precipitation::heavy);
}

TEST_CASE("SEEPS of each pair of classes") {
  CHECK(seeps_of(0.0, 0.0, 0.5, 0.004) == 0.0);
  CHECK(seeps_of(0.0, 0.01, 0.5, 0.004) == doctest::Approx(2.0 / 0.5));
  CHECK(seeps_of(0.01, 0.0, 0.5, 0.004) == doctest::Approx(1.6));
  CHECK(seeps_of(0.001, 0.0, 0.4, 0.004) == doctest::Approx(1.25));
}

TEST_CASE("every constant forecast has SEEPS 1 in a climate where light is twice heavy") {
  for (const double dry : {0.11, 0.4, 0.84}) {
    const double climate[] = {dry, (1.0 - dry) * 2.0 / 3.0, (1.0 - dry) / 3.0};
    for (const auto& errors : seeps_matrix(dry)) {
      double mean = 0.0;
      for (std::size_t observed = 0; observed < 3; ++observed)
        mean += climate[observed] * errors[observed];
      CHECK(mean == doctest::Approx(1.0));
    }
  }
}

TEST_CASE("SEEPS is missing where a value is, and where it is nearly always dry or wet") {
  CHECK(std::isnan(seeps_of(kNan, 0.0, 0.5, 0.004)));
  CHECK(std::isnan(seeps_of(0.0, kNan, 0.5, 0.004)));
  CHECK(std::isnan(seeps_of(0.0, 0.0, kNan, 0.004)));
  CHECK(std::isnan(seeps_of(0.0, 0.0, 0.5, kNan)));
  CHECK(std::isnan(seeps_of(0.0, 0.0, 0.1, 0.004)));
  CHECK(std::isnan(seeps_of(0.0, 0.0, 0.85, 0.004)));
}

TEST_CASE("the dry limit is that of WeatherBench 2's sums over 24 and 6 hours") {
  CHECK(dry_limit_of("total_precipitation_24hr") == 0.00025);
  CHECK(dry_limit_of("total_precipitation_6hr") == 0.0001);
  CHECK_FALSE(dry_limit_of("total_precipitation"));
}

TEST_CASE("two thirds of what is not dry in a climate is light") {
  const std::vector<double> metres{0, 0.0001, kNan, 0.004, 0.001, 0.002, 0.003};
  const auto climate = precipitation_climate(metres, kDryMetresIn6Hours);
  CHECK(climate.dry == doctest::Approx(2.0 / 6));
  CHECK(climate.heavy_from == doctest::Approx(0.003));
  CHECK(std::isnan(precipitation_climate(std::vector<double>{0, 0}, 0.0001).heavy_from));
  CHECK(std::isnan(precipitation_climate(std::vector<double>{kNan}, 0.0001).dry));
}
