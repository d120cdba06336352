#include "nodes/verify/significance.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace ladcast;

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

const std::vector<double> kSeries{0.3,    -0.392, -1.399, -1.028, -0.099, 1.267,  1.197,  0.485,
                                  -0.245, 0.777,  2.379,  2.138,  0.463,  -0.434, 1.496,  1.45,
                                  -0.517, -0.246, -1.135, -1.224, -1.145, -1.315, -0.167, 0.02,
                                  -0.375, 0.347,  1.273,  -0.552, -0.443, -1.091};
const std::vector<double> kOther{
    -0.449,  -1.5105, -0.5245, 0.112,   -0.5,    -1.7475, -0.91,  -1.1405, -0.7215, 0.8235,
    -0.8665, 1.0475,  1.1055,  -0.8085, 1.341,   -0.8705, -0.184, 0.792,   -1.263,  -0.4915,
    -0.379,  0.3945,  -1.793,  0.1655,  -1.7565, -0.4145, -0.83,  1.2615,  0.7415,  3.0685};

doctest::Approx near(double value) { return doctest::Approx(value).epsilon(1e-11); }

}  // namespace

// Literal numbers: the formulae in NumPy and SciPy 1.17.
TEST_CASE("the three tests of a mean differ in standard error and degrees of freedom") {
  const MeanTest iid = iid_test(kSeries);
  CHECK(iid.count == 30);
  CHECK(iid.mean == near(0.0595));
  CHECK(iid.standard_error == near(0.19126856457113764));
  CHECK(iid.dof == 29);
  CHECK(iid.p == near(0.757964269595643));

  const MeanTest geer = geer_test(kSeries);
  CHECK(fit_autoregressive(kSeries).k == near(1.365099430242706));
  CHECK(geer.standard_error == near(0.2611006085194002));
  CHECK(geer.dof == 29);
  CHECK(geer.p == near(0.8213374606379605));

  const MeanTest ewc = ewc_test(kSeries);
  CHECK(ewc.standard_error == near(0.37654560625872535));
  CHECK(ewc.dof == 3);
  CHECK(ewc.p == near(0.8844817959089311));
  CHECK(ewc.low == near(-1.1388361734088943));
  CHECK(ewc.high == near(1.257836173408894));
}

TEST_CASE("missing differences are left out and counted") {
  std::vector<double> gaps(kSeries);
  gaps.insert(gaps.begin() + 7, kNaN);
  gaps.push_back(kNaN);
  for (const auto test : {iid_test, geer_test, ewc_test}) {
    CHECK(test(gaps, 0.95).count == 30);
    CHECK(test(gaps, 0.95).p == test(kSeries, 0.95).p);
  }
}

TEST_CASE("a constant series is certain, too short a series is no test") {
  for (const auto test : {iid_test, geer_test, ewc_test}) {
    const std::vector<double> zero(10, 0.0), same(10, 0.1);
    CHECK(test(zero, 0.95).p == 1.0);
    CHECK(test(same, 0.95).p == 0.0);
    CHECK(test(same, 0.95).standard_error == 0.0);
    CHECK(std::isnan(test(std::vector<double>{0.5}, 0.95).p));
    CHECK(std::isnan(test({}, 0.95).mean));
    CHECK(std::isnan(test(std::vector<double>{kNaN, kNaN}, 0.95).mean));
  }
  CHECK(std::isnan(geer_test(std::vector<double>{1, 2, 4}).p));
}

TEST_CASE("a wider level gives a wider interval around the same mean") {
  const MeanTest narrow = geer_test(kSeries, 0.5), wide = geer_test(kSeries, 0.99);
  CHECK(wide.low < narrow.low);
  CHECK(wide.high > narrow.high);
  CHECK(narrow.low + narrow.high == near(2 * 0.0595));
}

TEST_CASE("Diebold-Mariano statistics after Harvey et al. and after Hering and Genton") {
  CHECK(diebold_mariano(std::vector<double>{1, 2, 3, 4}, 2) == near(std::sqrt(5.0)));
  CHECK(diebold_mariano(kSeries, 1) == near(0.3110809145946742));
  CHECK(diebold_mariano(kSeries, 4) == near(0.18418862598591343));
  // SciPy's least_squares at its finest tolerances; those of nci/scores leave 1e-5 to be desired.
  CHECK(diebold_mariano_hering_genton(kSeries, 1) ==
        doctest::Approx(0.19627908428861887).epsilon(1e-7));
  CHECK(diebold_mariano_hering_genton(std::vector<double>{2, 1, -3, -1, 0}, 3) ==
        doctest::Approx(-0.248366285033315).epsilon(1e-7));
  CHECK(diebold_mariano_hering_genton(std::vector<double>{1, 2, 3, 4}, 2) ==
        doctest::Approx(3.4749779421045552).epsilon(1e-7));
}

// Literal numbers: nci/scores, which has them checked with R.
TEST_CASE("Diebold-Mariano statistics of counts after Hering and Genton") {
  const std::vector<double> fifteen{0, -1, 0, 2, -1, 0, 1, -4, -1, -1, 2, 1, 0, 2, -1};
  CHECK(std::abs(diebold_mariano_hering_genton(fifteen, 14) + 0.169192) < 1e-6);
  CHECK(std::abs(diebold_mariano_hering_genton(fifteen, 1) + 0.169192) < 1e-6);
}

TEST_CASE("a Diebold-Mariano statistic that does not exist is NaN") {
  for (const auto statistic : {diebold_mariano, diebold_mariano_hering_genton}) {
    CHECK(std::isnan(statistic(std::vector<double>{1, 2, 3, 4}, 0)));
    CHECK(std::isnan(statistic(std::vector<double>{1, 2, 3, 4}, 4)));
    CHECK(std::isnan(statistic(std::vector<double>{0, 0, 0, 0}, 1)));
  }
  CHECK(std::isnan(diebold_mariano(std::vector<double>{1, -1, 1, -1}, 2)));  // V < 0
}

// Literal numbers: the unit tests of nci/scores.
TEST_CASE("probability and interval of a Diebold-Mariano statistic") {
  CHECK(dm_probability_positive(2.23606797749979, 4) == near(0.9443164226429581));
  CHECK(dm_probability_positive(-0.33333333333333337, 5) == near(0.3778115634892615));
  const ConfidenceInterval interval = dm_interval(2.5, 2.23606797749979, 4, 0.9);
  CHECK(interval.high == near(5.131140307989639));
  CHECK(interval.low == near(-0.13114030798963894));
}

// Literal numbers: xskillscore 0.0.29.
TEST_CASE("effective sample size of two series") {
  CHECK(effective_sample_size(kSeries, kOther) == 28.0);
  auto gap = kSeries;
  gap[4] = kNaN;
  CHECK(effective_sample_size(gap, kOther) == 27.0);
  const std::vector<double> rising{1, 2, 3, 4, 5}, constant(5, 1.0);
  CHECK(effective_sample_size(rising, rising) == 0.0);
  CHECK(std::isnan(effective_sample_size(constant, rising)));
}

TEST_CASE("the sign test counts who was better") {
  std::vector<double> differences;
  for (std::size_t i = 0; i < kSeries.size(); ++i) differences.push_back(kSeries[i] - kOther[i]);
  const SignTest test = sign_test(differences);
  CHECK(test.walk == -4);
  CHECK(test.bound == near(10.735164862302943));
  CHECK_FALSE(test.significant);
  const SignTest clear = sign_test(std::vector<double>{-1, -2, -1, -3, kNaN, -1, 0});
  CHECK(clear.count == 6);
  CHECK(clear.walk == 5);
  CHECK(clear.significant);
}

// Literal numbers: multipletests(method = "fdr_bh") of statsmodels.
TEST_CASE("the false discovery rate rejects all up to the last rank under the line") {
  const std::vector<double> p{0.001, 0.008, 0.039, 0.041, 0.042, 0.06,  0.074, 0.205, 0.212,
                              0.216, 0.222, 0.251, 0.269, 0.275, 0.34,  0.341, 0.384, 0.569,
                              0.594, 0.696, 0.762, 0.94,  0.942, 0.975, 0.986};
  const auto rejected = [&](double alpha) {
    const auto which = false_discovery_rate(p, alpha);
    return std::vector<std::size_t>{
        static_cast<std::size_t>(std::count(which.begin(), which.end(), true)),
        static_cast<std::size_t>(std::find(which.begin(), which.end(), false) - which.begin())};
  };
  CHECK(rejected(0.1) == std::vector<std::size_t>{2, 2});
  CHECK(rejected(0.25) == std::vector<std::size_t>{6, 6});
  CHECK(false_discovery_rate(std::vector<double>{kNaN, 0.04, 0.9}, 0.1) ==
        std::vector<bool>{false, true, false});
  CHECK(false_discovery_rate({}, 0.1).empty());
}
