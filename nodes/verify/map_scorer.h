// Scores of an ensemble against the truth on one map: pointwise statistics and their weighted
// means over regions, in double precision.
//
// Notation: members x_1 … x_M, sorted x_(1) … x_(M), truth y, mean xbar, climatology c, variance s2
// (over M - 1). Missing values are NaN or infinite: M counts the members that are there at a point,
// a point without truth is left out, and the weights are renormalised over the points used.
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "nodes/values/event.h"
#include "nodes/values/grid.h"
#include "nodes/verify/latitude_weights.h"
#include "nodes/verify/score_region.h"

namespace ladcast {

/// What is formed of a map, and how it is averaged.
struct ScoreSettings {
  LatitudeWeighting weighting = LatitudeWeighting::area;
  std::vector<ScoreRegion> regions = {{"global", {}, {}}};
  /// Beside the default ones: names of extra_scores().
  std::set<std::string> extra = {};
  std::vector<Event> events = {};      // those about the map's channel are used
  std::vector<double> quantiles = {};  // 0 to 1
  /// How far the squares reach over which events are compared, in points; see whole_map_scores.h.
  std::vector<int> neighbourhoods = {};
  /// As the reference's own evaluation does (verification.md, section 7): weights are not
  /// renormalised over the points used, the spread is averaged over all points, also those without
  /// truth, and that of one member is 0.
  bool as_ladcast = false;
};

/// One number of one map and region. `score` is one of
///   bias           xbar - y
///   mae            |xbar - y|
///   mse            (xbar - y)^2
///   variance       s2; at points with two members or more
///   expected_mse   (M + 1) / M s2: what the mse of a reliable ensemble is (Fortin et al. 2014,
///                  doi:10.1175/JHM-D-14-0008.1); at the points of `variance`
///   crps_fair      mean |x - y| - sum_i (2 i - M - 1) x_(i) / (M (M - 1)) (Ferro 2014,
///                  doi:10.1002/qj.2270); at the points of `variance`
///   members_used   M, of an ensemble; 0 at points where the truth is there and no member
///   acc            <(xbar - c)(y - c)> / sqrt(<(xbar - c)^2> <(y - c)^2>), uncentred; with a
///                  climatology only
/// and of the extra ones
///   debiased_mse   (xbar - y)^2 - s2 / M
///   crps_ecdf      mean |x - y| - sum_i (2 i - M - 1) x_(i) / M^2
///   crps_skill     mean |x - y|;  crps_spread: E|X - X'|, so that crps_fair = skill - spread / 2
///   crps_under, crps_over    mean max(y - x, 0), mean max(x - y, 0)
///   acc_centred    the same as acc after the regional means of both anomalies are removed (WMO)
///   error_spread   (s2 - e^2 - e s g)^2 with e = xbar - y and g the skewness of the members
///                  (see error_spread_score()); at points with three members or more that differ
///   dawid_sebastiani   (xbar - y)^2 / s2 + log s2; at points with a variance above 0
///   rank_histogram of the truth among the members by `bin` = 0 … M: share of the points at which
///                  all members are there, each counting once; of k members equal to the truth,
///                  k + 1 bins get a part each
///   pit_histogram  of the probability integral transform by `bin` = 0, 0.1 … 0.9, the lower end of
///                  a tenth: share of the points, each counting once (see rank_histogram.h)
/// with `event`, for forecasts p = the share of members for which it holds, and o = 0 or 1
///   brier          (p - o)^2;  brier_fair: less p (1 - p) / (M - 1) (Ferro 2014)
///   twcrps_fair    crps_fair of max(x, threshold) (or min, for an event below one)
///   forecast_share, observed_share    by `bin` = 0, 1/M … 1: the weight of the points with that p
///                  (where members are missing, with the bin next to it); and of those of them
///                  where o = 1
/// with `bin` = tau
///   quantile_score (y - q)(tau - 1[y < q]), q linear between the sorted members
struct MapScore {
  std::string score, event;
  std::optional<double> bin;
  double value;        // NaN where there was no point to score
  double weight;       // part of the region's that was used, 0 to 1
  std::size_t points;  // used
};

/// Scores that are formed only when they are asked for.
std::vector<std::string> extra_scores();

/// Scores maps of one grid. Thread-safe.
class MapScorer {
 public:
  /// `land`: see point_weights(). Throws Error where a region has no point.
  MapScorer(const Grid& grid, ScoreSettings settings, std::span<const float> land = {});

  const ScoreSettings& settings() const { return settings_; }
  const std::vector<ScoreRegion>& regions() const { return settings_.regions; }
  /// The weight of each point in a region.
  std::span<const double> weights(std::size_t region) const { return weights_[region].of_points; }

  /// By region. Each map holds the grid's points; `climatology` may be empty. A forecast of one
  /// member is deterministic: its crps_fair is its absolute error, it has no variance and no rank.
  /// One without members has rows all the same, but no diagrams: members_used is 0, the others are
  /// missing.
  std::vector<std::vector<MapScore>> score(const Channel& channel,
                                           std::span<const std::span<const float>> members,
                                           std::span<const float> truth,
                                           std::span<const float> climatology) const;

 private:
  struct RegionWeights {
    std::vector<double> of_points;
    std::vector<double> parts;  // of each cell that is in the region, whatever its area
    double total;
  };

  ScoreSettings settings_;
  std::vector<RegionWeights> weights_;
};

}  // namespace ladcast
