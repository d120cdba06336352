// The distributions of Student's t and of the normal law, to 1e-12 up to 10000 degrees of freedom.
#pragma once

namespace ladcast {

/// P(|T| > |t|) with `dof` > 0 degrees of freedom: the regularised incomplete beta function
/// I_x(dof / 2, 1 / 2) at x = dof / (dof + t^2) (Abramowitz and Stegun 26.7.1). Small values keep
/// their relative precision. NaN where t is NaN or dof is not positive.
double student_t_tails(double t, double dof);

/// P(T <= t).
double student_t_cdf(double t, double dof);

/// The t at which P(T <= t) = q; 0 < q < 1, else NaN.
double student_t_quantile(double q, double dof);

double normal_cdf(double z);

/// The z at which P(Z <= z) = q; 0 < q < 1, else NaN.
double normal_quantile(double q);

}  // namespace ladcast
