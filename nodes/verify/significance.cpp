#include "nodes/verify/significance.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <numbers>
#include <numeric>

#include "nodes/verify/student_t.h"

namespace ladcast {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// The series without what is missing, as deviations from its mean.
struct Series {
  double mean = kNaN;
  std::vector<double> deviations;

  explicit Series(std::span<const double> values) {
    std::copy_if(values.begin(), values.end(), std::back_inserter(deviations),
                 [](double value) { return !std::isnan(value); });
    if (deviations.empty()) return;
    mean = std::accumulate(deviations.begin(), deviations.end(), 0.0) / count();
    // Equal values have no deviation, whatever their mean was rounded to.
    const auto [least, most] = std::minmax_element(deviations.begin(), deviations.end());
    if (*least == *most) mean = *least;
    for (double& value : deviations) value -= mean;
  }

  std::size_t size() const { return deviations.size(); }
  double count() const { return static_cast<double>(deviations.size()); }

  double lagged_products(std::size_t lag) const {
    double sum = 0.0;
    for (std::size_t i = lag; i < size(); ++i) sum += deviations[i] * deviations[i - lag];
    return sum;
  }
  double variance() const { return lagged_products(0) / (count() - 1.0); }
};

MeanTest mean_test(const Series& series, double standard_error, double dof, double level) {
  MeanTest test{series.size(), series.mean, standard_error, dof, kNaN, kNaN, kNaN};
  const bool no_difference = series.mean == 0.0 && standard_error == 0.0;
  test.p = student_t_tails(no_difference ? 0.0 : series.mean / standard_error, dof);
  const double half = standard_error * student_t_quantile((1.0 + level) / 2, dof);
  test.low = series.mean - half;
  test.high = series.mean + half;
  return test;
}

MeanTest no_test(const Series& series) {
  return {series.size(), series.mean, kNaN, kNaN, kNaN, kNaN, kNaN};
}

AutoregressiveFit fit(const Series& series) {
  AutoregressiveFit result;
  const double variance = series.variance();
  const auto correlation = [&](std::size_t lag) {
    return variance == 0.0 ? 0.0
                           : series.lagged_products(lag) /
                                 (series.count() - static_cast<double>(lag)) / variance;
  };
  const double r1 = result.rho1 = correlation(1);
  const double r2 = result.rho2 = correlation(2);
  result.phi1 = r1 * (1.0 - r2) / (1.0 - r1 * r1);
  result.phi2 = (r2 - r1 * r1) / (1.0 - r1 * r1);
  const double rest = 1.0 - result.phi1 - result.phi2;
  result.k = std::sqrt(1.0 - r1 * result.phi1 - r2 * result.phi2) / std::abs(rest);
  return result;
}

// The sum of all lags -(n - 1) … n - 1 of the model sigma^2 r^|lag| that fits `covariances` best;
// for each r in 0 … 1 the best sigma^2 is known, so that one unknown is left.
double fitted_density(std::span<const double> covariances, std::size_t n) {
  const auto variance_at = [&](double r) {
    double product = 0.0, square = 0.0, power = 1.0;
    for (const double covariance : covariances) {
      product += covariance * power;
      square += power * power;
      power *= r;
    }
    return std::max(product / square, 0.0);
  };
  const auto misfit = [&](double r) {
    const double variance = variance_at(r);
    double sum = 0.0, power = 1.0;
    for (const double covariance : covariances) {
      const double difference = variance * power - covariance;
      sum += difference * difference;
      power *= r;
    }
    return sum;
  };
  constexpr int kSteps = 1000;
  int best = 0;
  double least = misfit(0.0);
  for (int i = 1; i < kSteps; ++i) {
    if (const double each = misfit(i / 1000.0); each < least) {
      least = each;
      best = i;
    }
  }
  // Half the slope of the misfit along r, by sigma^2; it changes its sign at the minimum.
  const auto slope = [&](double r) {
    const double variance = variance_at(r);
    double sum = 0.0, power = 1.0;
    for (std::size_t lag = 1; lag < covariances.size(); ++lag) {
      sum += static_cast<double>(lag) * power * (variance * power * r - covariances[lag]);
      power *= r;
    }
    return sum;
  };
  double low = std::max(best - 1, 0) / 1000.0;
  double high = std::min(best + 1, kSteps) / 1000.0;
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    (slope(middle) > 0.0 ? high : low) = middle;
  }
  const double r = (low + high) / 2;
  double sum = 1.0, power = 1.0;
  for (std::size_t lag = 1; lag < n; ++lag) sum += 2.0 * (power *= r);
  return variance_at(r) * sum;
}

// Pearson's correlation of the pairs (x_i, x_(i+1)) of which both are there.
double next_step_correlation(std::span<const double> x) {
  double n = 0.0, first = 0.0, second = 0.0;
  const auto each_pair = [&](const auto& visit) {
    for (std::size_t i = 0; i + 1 < x.size(); ++i)
      if (!std::isnan(x[i]) && !std::isnan(x[i + 1])) visit(x[i], x[i + 1]);
  };
  each_pair([&](double a, double b) { n += 1.0, first += a, second += b; });
  double ab = 0.0, aa = 0.0, bb = 0.0;
  each_pair([&](double a, double b) {
    const double da = a - first / n, db = b - second / n;
    ab += da * db, aa += da * da, bb += db * db;
  });
  return ab / std::sqrt(aa * bb);
}

}  // namespace

MeanTest iid_test(std::span<const double> differences, double level) {
  const Series series(differences);
  if (series.size() < 2) return no_test(series);
  return mean_test(series, std::sqrt(series.variance() / series.count()), series.count() - 1.0,
                   level);
}

AutoregressiveFit fit_autoregressive(std::span<const double> differences) {
  const Series series(differences);
  if (series.size() < 4) return {kNaN, kNaN, kNaN, kNaN, kNaN};
  return fit(series);
}

MeanTest geer_test(std::span<const double> differences, double level) {
  const Series series(differences);
  if (series.size() < 4) return no_test(series);
  const double independent = std::sqrt(series.variance() / series.count());
  return mean_test(series, independent * fit(series).k, series.count() - 1.0, level);
}

MeanTest ewc_test(std::span<const double> differences, double level) {
  const Series series(differences);
  const double n = series.count();
  if (series.size() < 2) return no_test(series);
  const double terms = std::clamp(std::floor(0.4 * std::cbrt(n * n)), 1.0, n - 1.0);
  double sum = 0.0;
  for (double j = 1.0; j <= terms; ++j) {
    double projection = 0.0;
    for (std::size_t i = 0; i < series.size(); ++i)
      projection += series.deviations[i] *
                    std::cos(std::numbers::pi * j * (static_cast<double>(i) + 0.5) / n);
    sum += 2.0 / n * projection * projection;
  }
  return mean_test(series, std::sqrt(sum / terms / n), terms, level);
}

double diebold_mariano(std::span<const double> differences, std::size_t h) {
  const Series series(differences);
  if (h < 1 || h >= series.size()) return kNaN;
  double sum = series.lagged_products(0);
  for (std::size_t lag = 1; lag < h; ++lag) sum += 2.0 * series.lagged_products(lag);
  if (sum <= 0.0) return kNaN;
  const double n = series.count();
  const auto steps = static_cast<double>(h);
  const double correction = (n + 1.0 - 2.0 * steps + steps * (steps - 1.0) / n) / n;
  return std::sqrt(correction) * series.mean / (std::sqrt(sum) / n);
}

double diebold_mariano_hering_genton(std::span<const double> differences, std::size_t h) {
  const Series series(differences);
  if (h < 1 || h >= series.size() || series.lagged_products(0) == 0.0) return kNaN;
  const std::size_t lags = std::max((series.size() - 1) / 2, h);
  std::vector<double> covariances;
  for (std::size_t lag = 0; lag < lags; ++lag)
    covariances.push_back(series.lagged_products(lag) / series.count());
  return series.mean / std::sqrt(fitted_density(covariances, series.size()) / series.count());
}

double dm_probability_positive(double statistic, std::size_t n) {
  return student_t_cdf(statistic, static_cast<double>(n) - 1.0);
}

ConfidenceInterval dm_interval(double mean, double statistic, std::size_t n, double level) {
  const double q = student_t_quantile((1.0 + level) / 2, static_cast<double>(n) - 1.0);
  return {mean * (1.0 + q / statistic), mean * (1.0 - q / statistic)};
}

double effective_sample_size(std::span<const double> forecast, std::span<const double> observed) {
  std::vector<double> f(forecast.begin(), forecast.end());
  std::vector<double> o(observed.begin(), observed.end());
  double n = 0.0;
  for (std::size_t i = 0; i < f.size(); ++i) {
    if (std::isnan(f[i] + o[i]))
      f[i] = o[i] = kNaN;
    else
      n += 1.0;
  }
  const double product = next_step_correlation(f) * next_step_correlation(o);
  if (std::isnan(product)) return kNaN;
  return std::clamp(std::floor(n * (1.0 - product) / (1.0 + product)), 0.0, n);
}

SignTest sign_test(std::span<const double> differences, double alpha) {
  SignTest test;
  for (const double difference : differences) {
    if (std::isnan(difference)) continue;
    ++test.count;
    test.walk += static_cast<int>(difference < 0.0) - static_cast<int>(difference > 0.0);
  }
  test.bound = normal_quantile(1.0 - alpha / 2) * std::sqrt(static_cast<double>(test.count));
  test.significant = std::abs(test.walk) > test.bound;
  return test;
}

std::vector<bool> false_discovery_rate(std::span<const double> p, double alpha) {
  std::vector<double> sorted;
  std::copy_if(p.begin(), p.end(), std::back_inserter(sorted),
               [](double value) { return !std::isnan(value); });
  std::sort(sorted.begin(), sorted.end());
  double limit = -1.0;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    if (sorted[i] <= alpha * static_cast<double>(i + 1) / static_cast<double>(sorted.size()))
      limit = sorted[i];
  }
  std::vector<bool> rejected;
  for (const double value : p) rejected.push_back(value <= limit);
  return rejected;
}

}  // namespace ladcast
