#include "nodes/verify/climate_scores.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "nodes/verify/crps.h"
#include "nodes/verify/extremes.h"

using namespace ladcast;

namespace {

constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();
using Values = std::vector<std::vector<float>>;

const Channel kRain{"total_precipitation_24hr", {}, "m"};
const Grid kTwoPoints{{-45, 45}, {0}};

std::vector<std::span<const float>> spans(const Values& maps) { return {maps.begin(), maps.end()}; }

}  // namespace

TEST_CASE("of precipitation the extreme forecast index counts what is more than a tenth of a mm") {
  const MapScorer scorer(kTwoPoints, {.extra = {"efi", "sot"}});
  const Values climate = {{0, 0}, {0.00005F, 0}, {0.003F, 0}, {0.009F, 0}};
  const Values members = {{0.004F, 0}, {0.02F, 0}};
  const auto scores = extremeness(scorer, kRain, spans(members), spans(climate)).at(0);
  REQUIRE(scores.size() == 3);
  std::vector<double> usual;
  for (int p = 0; p <= 100; ++p)
    usual.push_back(sample_quantile(std::vector<double>{0, 0.00005F, 0.003F, 0.009F}, p / 100.0));
  const std::vector<double> forecast{0.004F, 0.02F};
  CHECK(scores[0].score == "efi");
  CHECK(scores[0].points == 1);  // no interval counts where it never rains
  CHECK(scores[0].weight == doctest::Approx(0.5));
  CHECK(scores[0].value ==
        doctest::Approx(extreme_forecast_index(usual, forecast, 1e-4)).epsilon(1e-12));
  CHECK(std::abs(extreme_forecast_index(usual, forecast) - scores[0].value) > 1e-3);
  CHECK(scores[1].bin == 10);
  CHECK(std::isnan(scores[1].value));  // its tail is dry
  CHECK(scores[2].bin == 90);
  CHECK(scores[2].value ==
        doctest::Approx(shift_of_tails(usual, forecast, 90, 1e-4)).epsilon(1e-12));
}

TEST_CASE("members of the climate that are missing are left out, and two are needed") {
  const MapScorer scorer(kTwoPoints, {.extra = {"efi"}});
  const Channel temperature{"2m_temperature", {}, "K"};
  const Values members = {{3, 3}, {5, 5}};
  const auto efi = [&](const Values& climate) {
    return extremeness(scorer, temperature, spans(members), spans(climate)).at(0).at(0);
  };
  CHECK(efi({{1, 1}, {kMissing, kMissing}, {4, 4}}).value == efi({{1, 1}, {4, 4}}).value);
  CHECK(efi({{1, 1}, {4, kMissing}}).points == 1);
  CHECK(efi({{9, 9}, {10, 10}}).value == doctest::Approx(-1).epsilon(1e-6));
  CHECK(efi({{1, 1}, {2, 2}}).value == doctest::Approx(1).epsilon(1e-6));
}

TEST_CASE("SEEPS is the mean over the members that are there") {
  const MapScorer scorer(kTwoPoints, {});
  const Values members = {{0, kMissing}, {0.001F, kMissing}};
  const std::vector<float> truth = {0, 0};
  const PrecipitationClimateMaps usual{{0.5F, 0.5F}, {0.004F, 0.004F}};
  const auto scores = seeps_of(scorer, kRain, spans(members), truth, usual).at(0);
  REQUIRE(scores.size() == 1);
  CHECK(scores[0].value == doctest::Approx(0.5));  // dry is right, light has 1
  CHECK(scores[0].points == 1);
  const Channel other{"total_precipitation", {}, "m"};
  CHECK(seeps_of(scorer, other, spans(members), truth, usual).at(0).empty());
}
