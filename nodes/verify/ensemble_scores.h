// Scores of an ensemble against the truth on one map: pointwise statistics and their weighted
// spatial means, in double precision.
//
// Notation: members x_1 … x_M, truth y, mean xbar, climatology c, variance s2 (over M - 1). Missing
// values are NaN: M counts the members that are there at a point, a point without truth is left
// out, and the weights are renormalised over the points used.
#pragma once

#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include "nodes/values/grid.h"
#include "nodes/verify/latitude_weights.h"

namespace ladcast {

/// A weighted mean over the points of a map at which a statistic exists.
struct SpatialMean {
  double sum = 0.0;     // of weight x statistic
  double weight = 0.0;  // of the points used
  std::size_t points = 0;

  void add(double statistic, double point_weight) {
    sum += point_weight * statistic;
    weight += point_weight;
    ++points;
  }
  /// NaN where no point was used.
  double value() const {
    return points > 0 ? sum / weight : std::numeric_limits<double>::quiet_NaN();
  }
};

/// Anomaly correlation, uncentred: <(xbar - c)(y - c)> / sqrt(<(xbar - c)^2> <(y - c)^2>).
struct AnomalyCorrelation {
  SpatialMean covariance, forecast_variance, truth_variance;

  /// NaN where no point was used, or where the forecast or the truth is the climatology.
  double value() const;
};

struct EnsembleScores {
  SpatialMean bias;          // xbar - y
  SpatialMean mae;           // |xbar - y|
  SpatialMean mse;           // (xbar - y)^2
  SpatialMean variance;      // s2; at points with two members or more
  SpatialMean expected_mse;  // (M + 1) / M s2: what the mse of a reliable ensemble is (Fortin et
                             // al. 2014, doi:10.1175/JHM-D-14-0008.1); at the points of `variance`
  SpatialMean crps_fair;     // mean |x - y| - sum_i (2 i - M - 1) x_(i) / (M (M - 1)) (Ferro 2014,
                             // doi:10.1002/qj.2270); at the points of `variance`
  AnomalyCorrelation acc;    // with a climatology only
};

/// Fair CRPS at one point. NaN members are left out; NaN if fewer than two are left or `truth` is
/// NaN.
double crps_fair(std::span<const float> members, float truth);

/// Scores maps of one grid. Thread-safe.
class MapScorer {
 public:
  MapScorer(const Grid& grid, LatitudeWeighting weighting);

  /// Each map holds the grid's points; `climatology` may be empty. A forecast of one member is
  /// deterministic: its crps_fair is its absolute error, its variance has no points.
  EnsembleScores score(std::span<const std::span<const float>> members,
                       std::span<const float> truth, std::span<const float> climatology) const;

  /// The weights of all points together.
  double total_weight() const { return total_weight_; }

 private:
  std::vector<double> weights_;  // by row
  std::size_t columns_;
  double total_weight_;
};

}  // namespace ladcast
