#include "nodes/verify/student_t.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numbers>

namespace ladcast {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// Gamma(a + 1/2) / Gamma(a); beyond 20 by its asymptotic series.
double gamma_ratio(double a) {
  if (a < 20.0) return std::tgamma(a + 0.5) / std::tgamma(a);
  const double r = 1.0 / (a * a);
  const double log_correction =
      (-1.0 / 8 + r * (1.0 / 192 + r * (-1.0 / 640 + r * 17.0 / 14336))) / a;
  return std::sqrt(a) * std::exp(log_correction);
}

// The continued fraction of the incomplete beta function (Abramowitz and Stegun 26.5.8) by Lentz's
// method; converges fast for x < (a + 1) / (a + b + 2).
double beta_fraction(double a, double b, double x) {
  constexpr double kTiny = 1e-300;
  const auto away_from_zero = [](double value) { return value == 0.0 ? kTiny : value; };
  double c = 1.0;
  double d = 1.0 / away_from_zero(1.0 - (a + b) * x / (a + 1.0));
  double fraction = d;
  for (int m = 1; m < 10000; ++m) {
    const double even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
    double step = 1.0;
    for (const double coefficient : {even, odd}) {
      d = 1.0 / away_from_zero(1.0 + coefficient * d);
      c = away_from_zero(1.0 + coefficient / c);
      step = d * c;
      fraction *= step;
    }
    if (std::abs(step - 1.0) < 1e-16) break;
  }
  return fraction;
}

double student_t_density(double t, double dof) {
  return gamma_ratio(dof / 2) / std::sqrt(dof * std::numbers::pi) *
         std::exp(-(dof + 1.0) / 2 * std::log1p(t * t / dof));
}

// The positive root of tails(t) = target, by Newton's method kept inside a bracket.
double root(const std::function<double(double)>& tails,
            const std::function<double(double)>& density, double target) {
  double low = 0.0;
  double high = 1.0;
  while (tails(high) > target) {
    low = high;
    high *= 2.0;
  }
  double t = (low + high) / 2;
  for (int i = 0; i < 200; ++i) {
    const double excess = tails(t) - target;
    (excess > 0.0 ? low : high) = t;
    double next = t + excess / (2.0 * density(t));
    if (!(next > low && next < high)) next = (low + high) / 2;
    const double step = std::abs(next - t);
    t = next;
    if (step <= 1e-15 * t) break;
  }
  return t;
}

// By the symmetry of the distribution.
double quantile(const std::function<double(double)>& tails,
                const std::function<double(double)>& density, double q) {
  if (!(q > 0.0 && q < 1.0)) return kNaN;
  const double both_tails = 2.0 * std::min(q, 1.0 - q);
  if (both_tails == 1.0) return 0.0;
  const double t = root(tails, density, both_tails);
  return q < 0.5 ? -t : t;
}

}  // namespace

double student_t_tails(double t, double dof) {
  if (std::isnan(t) || !(dof > 0.0)) return kNaN;
  if (t == 0.0) return 1.0;
  if (std::isinf(t)) return 0.0;
  const double a = dof / 2;
  const double ratio = t * t / dof;
  const double x = 1.0 / (1.0 + ratio);
  const double y = ratio / (1.0 + ratio);
  // x^a y^(1/2) / B(a, 1/2)
  const double front = std::exp(-a * std::log1p(ratio)) * std::sqrt(y) * gamma_ratio(a) /
                       std::sqrt(std::numbers::pi);
  if (x < (a + 1.0) / (a + 2.5)) return front * beta_fraction(a, 0.5, x) / a;
  return 1.0 - front * beta_fraction(0.5, a, y) / 0.5;
}

double student_t_cdf(double t, double dof) {
  const double tails = student_t_tails(t, dof);
  return t < 0.0 ? tails / 2 : 1.0 - tails / 2;
}

double student_t_quantile(double q, double dof) {
  if (!(dof > 0.0)) return kNaN;
  return quantile([dof](double t) { return student_t_tails(t, dof); },
                  [dof](double t) { return student_t_density(t, dof); }, q);
}

double normal_cdf(double z) { return std::erfc(-z / std::numbers::sqrt2) / 2; }

double normal_quantile(double q) {
  return quantile([](double z) { return std::erfc(z / std::numbers::sqrt2); },
                  [](double z) {
                    return std::exp(-z * z / 2) * std::numbers::inv_sqrtpi / std::numbers::sqrt2;
                  },
                  q);
}

}  // namespace ladcast
