#include "nodes/verify/bootstrap.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

using namespace ladcast;

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// x_i = 0.9 x_(i-1) + e_i with e_i from a congruential generator, the same in Python.
std::vector<double> correlated(std::size_t count) {
  std::vector<double> series;
  std::uint64_t state = 12345;
  double value = 0.0;
  for (std::size_t i = 0; i < count; ++i) {
    state = (1103515245 * state + 12345) % 2147483648;
    value = 0.9 * value + (static_cast<double>(state) / 2147483648.0 - 0.5);
    series.push_back(value);
  }
  return series;
}

}  // namespace

TEST_CASE("the optimal block length is that of arch 8.0") {
  CHECK(optimal_block_length(correlated(200)) == doctest::Approx(15.59418986).epsilon(1e-8));
  CHECK(optimal_block_length(std::vector<double>{
            0.3,    -0.392, -1.399, -1.028, -0.099, 1.267, 1.197,  0.485,  -0.245, 0.777,
            2.379,  2.138,  0.463,  -0.434, 1.496,  1.45,  -0.517, -0.246, -1.135, -1.224,
            -1.145, -1.315, -0.167, 0.02,   -0.375, 0.347, 1.273,  -0.552, -0.443, -1.091}) ==
        doctest::Approx(2.349696).epsilon(1e-6));
  CHECK(std::isnan(optimal_block_length(std::vector<double>(20, 1.0))));
  CHECK(std::isnan(optimal_block_length(std::vector<double>{1, 2, 3})));
}

TEST_CASE("independent resamples have the standard error of the mean") {
  std::vector<double> values;
  for (int i = 0; i < 100; ++i) values.push_back(i % 10);  // mean 4.5, variance 8.25
  const Bootstrap result = iid_bootstrap(values, {.resamples = 4000, .seed = 3});
  REQUIRE(result.means.size() == 4000);
  CHECK(result.standard_error == doctest::Approx(std::sqrt(8.25 / 100)).epsilon(0.05));
  CHECK(result.low == doctest::Approx(4.5 - 1.96 * 0.287).epsilon(0.03));
  CHECK(result.high == doctest::Approx(4.5 + 1.96 * 0.287).epsilon(0.03));
  CHECK(result.p == 0.0);
}

TEST_CASE("the same seed gives the same resamples, another one others") {
  const auto values = correlated(50);
  const auto means = [&](std::uint64_t seed) {
    return stationary_bootstrap(values, 5.0, {.resamples = 100, .seed = seed}).means;
  };
  CHECK(means(1) == means(1));
  CHECK(means(1) != means(2));
}

TEST_CASE("blocks and clusters see the correlation that single draws do not") {
  const auto values = correlated(400);
  const BootstrapOptions options{.resamples = 2000, .seed = 9};
  const double single = iid_bootstrap(values, options).standard_error;
  const double blocks =
      stationary_bootstrap(values, optimal_block_length(values), options).standard_error;
  CHECK(blocks > 2.0 * single);

  // Pairs of equal values: half as many independent ones, a standard error sqrt(2) as large.
  std::vector<double> pairs;
  std::vector<int> labels;
  for (int i = 0; i < 100; ++i) {
    pairs.insert(pairs.end(), 2, i % 10);
    labels.insert(labels.end(), 2, i);
  }
  CHECK(cluster_bootstrap(pairs, labels, options).standard_error ==
        doctest::Approx(std::sqrt(8.25 / 100)).epsilon(0.05));
}

TEST_CASE("clusters of all values or of single ones are the two extremes") {
  const std::vector<double> values{1, 2, 3, kNaN, 6};
  const BootstrapOptions options{.resamples = 50};
  const std::vector<int> one(5, 0);
  for (const double mean : cluster_bootstrap(values, one, options).means) CHECK(mean == 3.0);
  const std::vector<int> each{0, 1, 2, 3, 4};
  CHECK(cluster_bootstrap(values, each, options).means == iid_bootstrap(values, options).means);
}

TEST_CASE("p is twice the smaller part of the resamples beyond zero, missing values are left out") {
  std::vector<double> around_zero{-1, 1, -2, 2, -3, 3, kNaN};
  const Bootstrap result = iid_bootstrap(around_zero, {.resamples = 2000, .seed = 4});
  CHECK(result.p > 0.9);
  CHECK(result.p <= 1.0);
  CHECK(iid_bootstrap(std::vector<double>(5, 0.0), {}).p == 1.0);
  CHECK(iid_bootstrap(std::vector<double>(5, -1.0), {}).p == 0.0);
  CHECK(std::isnan(iid_bootstrap(std::vector<double>{kNaN}, {}).p));
  CHECK(std::isnan(iid_bootstrap({}, {}).low));
}
