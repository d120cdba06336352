// Significance of paired differences of scores: shared/spec/verification.md, section 6.
//
// The unit is the initial time: d_1 … d_n are differences of spatial means, in order of time and
// evenly spaced. Missing differences are NaN and are left out, n counts the others; the gaps close,
// which the tests for correlated series only bear where gaps are few.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace ladcast {

/// A test of the null hypothesis that the mean difference is 0, by Student's t distribution. What
/// the series does not allow is NaN.
struct MeanTest {
  std::size_t count = 0;  // n
  double mean = 0.0;
  double standard_error = 0.0;   // of the mean
  double dof = 0.0;              // degrees of freedom
  double p = 0.0;                // two-sided; of a constant series 1 if it is 0, else 0
  double low = 0.0, high = 0.0;  // interval of the mean at the level asked for
};

/// se = s / sqrt(n), n - 1 degrees of freedom. Takes the differences for independent, so that it is
/// too sure of itself: for comparison. n >= 2.
MeanTest iid_test(std::span<const double> differences, double level = 0.95);

/// What Geer's test fits to a series.
struct AutoregressiveFit {
  double rho1 = 0.0, rho2 = 0.0;  // correlations at lags 1 and 2: mean lagged product / variance
                                  // (over n - 1); 0 for a constant series
  double phi1 = 0.0, phi2 = 0.0;  // of the AR(2) process with these correlations
  double k = 0.0;                 // inflation of the standard error
};
AutoregressiveFit fit_autoregressive(std::span<const double> differences);

/// The standard error times k, k^2 = (1 - rho1 phi1 - rho2 phi2) / (1 - phi1 - phi2)^2; n - 1
/// degrees of freedom (Geer 2016, doi:10.3402/tellusa.v68.30229; WeatherBench-X). n >= 4.
MeanTest geer_test(std::span<const double> differences, double level = 0.95);

/// Equal-weighted cosines: se^2 = 1/n mean of X_1^2 … X_v^2, X the orthonormal DCT-II of the
/// deviations, v = floor(0.4 n^(2/3)) within 1 to n - 1; v degrees of freedom (Lazarus et al. 2018,
/// doi:10.1080/07350015.2018.1506926; WeatherBench-X). n >= 2.
MeanTest ewc_test(std::span<const double> differences, double level = 0.95);

/// The Diebold-Mariano statistic of differences between forecasts h steps ahead, after Harvey,
/// Leybourne and Newbold (1997, doi:10.1016/S0169-2070(96)00719-4):
/// sqrt((n + 1 - 2h + h(h - 1)/n) / n) mean / sqrt(V), V = (gamma_0 + 2 sum_{k<h} gamma_k) / n^2,
/// gamma_k the sum of products at lag k. NaN where V <= 0, or h is not in 1 … n - 1.
double diebold_mariano(std::span<const double> differences, std::size_t h);

/// The variant of Hering and Genton (2011, doi:10.1198/TECH.2011.10136): mean / sqrt(V / n), V the
/// sum over all lags of sigma^2 exp(-3 |k| / theta), fitted by least squares to the autocovariances
/// at lags 0 … max(floor((n - 1) / 2), h) - 1, as in nci/scores. NaN for a constant series, or
/// where h is not in 1 … n - 1.
double diebold_mariano_hering_genton(std::span<const double> differences, std::size_t h);

/// The confidence that the mean is above 0, from a Diebold-Mariano statistic of n differences:
/// Student's t with n - 1 degrees of freedom.
double dm_probability_positive(double statistic, std::size_t n);

/// mean (1 + q / statistic) and mean (1 - q / statistic), q the quantile of Student's t with n - 1
/// degrees of freedom that leaves (1 - level) / 2 above.
struct ConfidenceInterval {
  double high = 0.0, low = 0.0;
};
ConfidenceInterval dm_interval(double mean, double statistic, std::size_t n, double level);

/// n (1 - r_f r_o) / (1 + r_f r_o), rounded down, within 0 and n; r_f, r_o the correlations of each
/// series with itself one step later (Bretherton et al. 1999; xskillscore). Only times at which
/// both are there count. NaN where a correlation does not exist. Requires: equal lengths.
double effective_sample_size(std::span<const double> forecast, std::span<const double> observed);

/// The random walk of DelSole and Tippett (2016, doi:10.1175/MWR-D-15-0218.1): one step up at each
/// difference below 0, one down at each above. Significant where |walk| > z_(1 - alpha/2) sqrt(n).
struct SignTest {
  std::size_t count = 0;
  int walk = 0;
  double bound = 0.0;
  bool significant = false;
};
SignTest sign_test(std::span<const double> differences, double alpha = 0.05);

/// Which null hypotheses fall at the false discovery rate `alpha`: those with p <= p_(i), i the
/// largest rank with p_(i) <= alpha i / N (Benjamini and Hochberg; Wilks 2016,
/// doi:10.1175/BAMS-D-15-00267.1, who takes twice the level of the single test on correlated maps).
/// NaN is no test: it counts neither here nor in N.
std::vector<bool> false_discovery_rate(std::span<const double> p, double alpha);

}  // namespace ladcast
