#include "nodes/verify/climatology_sums.h"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <random>

#include "nodes/verify/day_of_year.h"

using namespace ladcast;

namespace {

const std::vector<Channel> kChannels = {{"2m_temperature", {}, "K"}};

Fields analysis(Time time, std::vector<float> values) {
  std::vector<double> longitude(values.size());
  for (std::size_t i = 0; i < longitude.size(); ++i) longitude[i] = static_cast<double>(i);
  return {{{0}, longitude}, kChannels, time, {0}, {0}, false, std::move(values)};
}

struct Smoothed {
  std::vector<float> mean, deviation;
};

Smoothed smooth(const ClimatologySums& sums, ClimatologySums::Slot slot, int window_days,
                std::size_t points) {
  Smoothed result{std::vector<float>(points), std::vector<float>(points)};
  REQUIRE(sums.smooth(slot, 0, window_days, result.mean, result.deviation));
  return result;
}

}  // namespace

TEST_CASE("day 60 is 29 February or 1 March, and day 366 is 31 December or day 365") {
  CHECK(day_of_year(parse_time("2019-03-01T18")) == 60);
  CHECK(day_of_year(parse_time("2020-02-29")) == 60);
  CHECK(day_of_year(parse_time("2020-12-31T23")) == 366);
  const auto in = [](int year, const char* time) {
    return short_time(same_day_in(std::chrono::year{year}, parse_time(time)));
  };
  CHECK(in(2019, "2020-02-29T06") == "2019-03-01T06");
  CHECK(in(2020, "2019-03-01T06") == "2020-02-29T06");
  CHECK(in(2019, "2020-12-31T12") == "2019-12-31T12");
  CHECK(in(2024, "2020-12-31T12") == "2024-12-31T12");
}

// Recorded from WeatherBench 2's compute_hourly_stat in double with a window of 61 days, on the
// values below.
TEST_CASE("means and deviations of three years are WeatherBench 2's") {
  ClimatologySums sums(1, 2, true);
  int k = 0;
  for (Time time = parse_time("2003-01-01"); time < parse_time("2006-01-01");
       time += std::chrono::hours{12}, ++k)
    sums.add(analysis(time, {static_cast<float>(200 + k * 7919 % 10007 / 64.0),
                             static_cast<float>(1000 * (std::int64_t{k} * 104729 % 9973))}));
  struct Recorded {
    int hour, day;
    std::array<double, 2> mean, deviation;
  };
  const std::array recorded = {
      Recorded{0, 1, {274.64375, 7017440.74}, {46.0026894, 3167125.04}},
      Recorded{12, 1, {281.803524, 3761012.96}, {45.2737914, 966546.313}},
      Recorded{0, 59, {280.269578, 3136826.67}, {45.0709929, 3810742.51}},
      Recorded{12, 60, {276.268113, 5634333.33}, {45.1262971, 747699.175}},
      Recorded{0, 183, {280.577679, 3710333.33}, {45.1307066, 747699.175}},
      Recorded{12, 365, {281.885943, 3657060.74}, {45.2905154, 965061.359}},
      Recorded{0, 366, {274.553652, 7075800}, {45.9935897, 3078967.66}},
      Recorded{12, 366, {281.829248, 3708561.11}, {45.2950347, 966524.95}},
  };
  for (const auto& [hour, day, mean, deviation] : recorded) {
    CAPTURE(hour);
    CAPTURE(day);
    const Smoothed ours = smooth(sums, {hour, day}, 61, 2);
    for (const std::size_t point : {0U, 1U}) {
      CHECK(ours.mean[point] == doctest::Approx(mean[point]).epsilon(1e-6));
      CHECK(ours.deviation[point] == doctest::Approx(deviation[point]).epsilon(1e-6));
    }
  }
  CHECK(sums.count({0, 365}) == 3);
  CHECK(sums.count({0, 366}) == 3);
  CHECK(sums.count({6, 1}) == 0);
}

TEST_CASE("a missing value is left out where it is missing, and a gap in the days for all points") {
  std::mt19937 draw(1);
  std::normal_distribution<float> normal(100, 5);
  ClimatologySums sums(1, 3, true);
  std::vector<Fields> all;
  for (int year = 2001; year <= 2004; ++year)
    for (int day = 0; day < 365; ++day) {
      if (draw() % 5 == 0) continue;
      std::vector<float> values = {normal(draw), normal(draw), NAN};
      if (draw() % 3 == 0) values[1] = NAN;
      using namespace std::chrono;
      const Time time = sys_days{std::chrono::year{year} / January / 1} + days{day};
      all.push_back(analysis(time, values));
      sums.add(all.back());
    }
  for (const int day : {1, 30, 200, 364}) {
    CAPTURE(day);
    const Smoothed ours = smooth(sums, {0, day}, 21, 3);
    for (const std::size_t point : {0U, 1U}) {
      double weights = 0, sum = 0, squares = 0;
      for (const double about : {0.0, 1.0}) {  // first the mean, then about it
        const double middle = about > 0 ? sum / weights : 0;
        weights = sum = 0;
        for (const Fields& each : all)
          for (const auto& slot : ClimatologySums::slots_of(each.init)) {
            const int apart = std::abs(slot.second - day);
            const double weight = 1 - std::min(apart, 366 - apart) / 10.0;
            if (weight <= 0 || std::isnan(each.values[point])) continue;
            weights += weight;
            sum += weight * each.values[point];
            squares += about * weight * std::pow(each.values[point] - middle, 2);
          }
      }
      CHECK(ours.mean[point] == doctest::Approx(sum / weights).epsilon(1e-6));
      CHECK(ours.deviation[point] == doctest::Approx(std::sqrt(squares / weights)).epsilon(1e-6));
    }
    CHECK(std::isnan(ours.mean[2]));
    CHECK(std::isnan(ours.deviation[2]));
  }
}

TEST_CASE("a window of 3 days is the day itself, and its mean is of the last day of common years") {
  ClimatologySums sums(1, 1, true);
  sums.add(analysis(parse_time("2003-12-31"), {1}));
  sums.add(analysis(parse_time("2004-12-31"), {4}));
  sums.add(analysis(parse_time("2004-12-30"), {7}));
  CHECK(smooth(sums, {0, 365}, 3, 1).mean[0] == 4);
  CHECK(smooth(sums, {0, 365}, 3, 1).deviation[0] == 3);
  CHECK(smooth(sums, {0, 366}, 3, 1).mean[0] == 2.5F);
  CHECK_FALSE(sums.smooth({0, 1}, 0, 3, {}, {}));
  CHECK(smooth(sums, {0, 1}, 5, 1).mean[0] == 2.5F);
}
