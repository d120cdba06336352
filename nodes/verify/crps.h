// The continuous ranked probability score (CRPS), its kin and the quantile score at one point, in
// double precision. x_1 … x_M are the members, y is the truth; smaller is better, 0 is perfect.
//
// Members that are NaN are left out and M counts the others. A score is NaN where y is NaN or where
// it needs more members than are there.
#pragma once

#include <limits>
#include <span>

namespace ladcast {

/// ecdf: of the members' own step function, mean |x - y| - sum_ij |x_i - x_j| / (2 M^2).
/// fair: 2 M (M - 1) instead of 2 M^2, so that the number of members does not matter (Ferro 2014,
/// doi:10.1002/qj.2270); needs two members.
enum class CrpsEstimator { ecdf, fair };

double crps(std::span<const double> members, double truth, CrpsEstimator estimator);

/// With member weights v >= 0 of any sum; a member without a weight (NaN) is left out. Once v sums
/// to 1, the fair estimator divides the spread by 1 - sum v^2 (scoringrules).
/// Requires: as many weights as members.
double weighted_crps(std::span<const double> members, std::span<const double> weights, double truth,
                     CrpsEstimator estimator);

/// Parts of the CRPS = over + under - spread / 2 (nci/scores): mean max(x - y, 0) and
/// mean max(y - x, 0).
double crps_overforecast(std::span<const double> members, double truth);
double crps_underforecast(std::span<const double> members, double truth);

constexpr double kNoLimit = std::numeric_limits<double>::infinity();

/// Values that the threshold-weighted CRPS tells apart; those beyond count as the nearest limit.
struct ValueRange {
  double lower = -kNoLimit, upper = kNoLimit;
};

/// CRPS of members and truth clipped to `range` (Gneiting and Ranjan 2011,
/// doi:10.1198/jbes.2010.08110; Allen et al. 2023, doi:10.1137/22M1532184).
/// Throws Error where lower > upper.
double threshold_weighted_crps(std::span<const double> members, double truth,
                               const ValueRange& range, CrpsEstimator estimator);

/// Of a normal distribution: sd (z (2 Phi(z) - 1) + 2 phi(z) - 1 / sqrt(pi)), z = (y - mean) / sd
/// (Gneiting et al. 2005, doi:10.1175/MWR2904.1); |y - mean| where sd is 0, NaN where it is
/// negative.
double gaussian_crps(double mean, double standard_deviation, double truth);

/// The value at a place between 0 and the number of values less 1, linear between them.
double value_at(std::span<const double> sorted, double place);

/// Sample quantile at 0 <= tau <= 1, linear between the members (type 7 of Hyndman and Fan 1996, as
/// NumPy); NaN without a member.
double sample_quantile(std::span<const double> members, double tau);

/// (y - q) (tau - 1[y < q]), the pinball loss of a forecast q of the tau quantile. The CRPS is
/// twice its integral over tau.
double quantile_score(double quantile, double truth, double tau);

}  // namespace ladcast
