// Scores of forecasts of several numbers together (variables, points of a map), in double
// precision.
//
// Notation: members x_1 … x_M, each of D numbers, truth y. A member that misses a number (NaN) is
// left out. The score is NaN where the truth misses a number or too few members are left.
#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace ladcast {

using VectorMembers = std::span<const std::span<const double>>;

/// How E||X - X'|| is formed of the members. Pairs of members weigh w_m w_n, single ones w_m; 1/M
/// where no weights are given.
enum class EnergyEstimator {
  all_pairs,          // sum over all (m, n) of w_m w_n ||x_m - x_n||
  fair,               // the same by 1 - sum w_m^2: without the pairs (m, m), so that it is unbiased
  adjacent,           // sum of w_m ||x_m - x_(m-1)||, the first with the last (scoringrules "akr")
  adjacent_circular,  // sum of w_m ||x_m - x_(m-M/2)||, cyclic ("akr_circperm")
  wb2                 // mean of ||x_m - x_(m+1)|| over m = 1 … M - 1 (WeatherBench 2)
};

/// The name of an estimator above. Throws Error for another one.
EnergyEstimator parse_energy_estimator(std::string_view name);

/// Energy score (Gneiting and Raftery 2007, doi:10.1198/016214506000001437).
struct EnergyScore {
  double skill;   // sum of w_m ||x_m - y||
  double spread;  // E||X - X'||

  double value() const { return skill - spread / 2; }
};

/// With the Euclidean norm. `weights` of members: empty, or one each; only their ratios count. At
/// least one member, two where the estimator is fair or wb2.
EnergyScore energy_score(VectorMembers members, std::span<const double> truth,
                         EnergyEstimator estimator, std::span<const double> weights = {});

/// Of maps: ||.|| = sqrt(<(.)^2>), the mean with weights by point, over the points at which the
/// truth and all members are there. A member that is nowhere where the truth is, is left out. NaN
/// where no point of weight is left.
EnergyScore map_energy_score(std::span<const std::span<const float>> members,
                             std::span<const float> truth, std::span<const double> point_weights,
                             EnergyEstimator estimator);

struct VariogramSettings {
  double p = 0.5;
  bool fair = false;                          // else of all pairs of members
  std::span<const double> pair_weights = {};  // w_ij, row-major; empty: all 1
};

/// Variogram score (Scheuerer and Hamill 2015, doi:10.1175/MWR-D-14-00269.1): sum over i, j of
/// w_ij (v_ij(y) - mean_m v_ij(x_m))^2, v_ij(z) = |z_i - z_j|^p. Fair: less w_ij s2 / M with s2 the
/// variance (over M - 1) of v_ij(x_m). Work grows as M D^2. At least one member, two if fair.
double variogram_score(VectorMembers members, std::span<const double> truth,
                       const VariogramSettings& settings);

/// (s^2 - e^2 - e s g)^2 of single numbers: s2 the variance (over M - 1), e = mean - y, and the
/// skewness g = sum ((x_m - mean) / s)^3 / ((M - 1)(M - 2)) as scoringrules has it (Christensen et
/// al. 2015, doi:10.1002/qj.2375, have M times this). At least three members that differ.
double error_spread_score(std::span<const double> members, double truth);

/// (y - mean)' C^-1 (y - mean) + log det C, C the covariance of the members over M - `ddof` (Dawid
/// and Sebastiani 1999; scoringrules). NaN where C is singular, which it is for D >= M.
double dawid_sebastiani(VectorMembers members, std::span<const double> truth, int ddof = 1);

}  // namespace ladcast
