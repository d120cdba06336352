// Scores that look at a map as a whole rather than point by point.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "nodes/values/grid.h"
#include "nodes/verify/map_scorer.h"
#include "nodes/verify/zonal_spectra.h"

namespace ladcast {

/// The points that a variogram score takes at most: its work grows with their square.
constexpr std::size_t kVariogramPoints = 500;

/// Names for ScoreSettings::extra, beside extra_scores().
std::vector<std::string> whole_map_scores();

/// One of the regions of MapScorer, or a part of the globe that a score is made for.
struct RegionMapScore {
  std::string region;
  MapScore score;
};

/// `score` is one of
///   energy_fair  mean ||x - y|| - 1 / (2 M (M - 1)) sum ||x_m - x_n||, ||.|| = sqrt(<(.)^2>) over
///                the region (see multivariate_scores.h); two members or more
///   variogram    p = 0.5, fair, over all pairs of the region's points; two members or more
///   spectrum     by `bin` = zonal wavenumber: the mean over members and the rows between 30 and 60
///                degrees of both hemispheres (see zonal_spectra.h), region "mid-latitudes"
///   fbs, fbs_reference    by `event`, `bin` = the width of the neighbourhood in points: the
///                fractions Brier score of the members' probabilities and what it is at worst, of
///                which fss is made (see fractions_skill.h). A neighbourhood may reach beyond the
///                region of its point.
/// Thread-safe.
class WholeMapScorer {
 public:
  /// Throws Error where a score that `points` has in its settings cannot be formed on the grid: a
  /// spectrum without whole circles, a variogram of too many points, neighbourhoods as wide as the
  /// circle. `points` must outlive this.
  WholeMapScorer(const Grid& grid, const MapScorer& points);

  /// Of the maps of one forecast. NaN, never 0, where there is nothing to score.
  std::vector<RegionMapScore> score(const Channel& channel,
                                    std::span<const std::span<const float>> members,
                                    std::span<const float> truth) const;

  /// Their spectrum alone; empty unless it was asked for.
  std::vector<RegionMapScore> spectrum(std::span<const std::span<const float>> maps) const;

 private:
  double variogram(std::size_t region, std::span<const std::span<const float>> members,
                   std::span<const float> truth) const;
  void append_fractions(std::vector<RegionMapScore>& scores, const Event& event,
                        std::span<const std::span<const float>> members,
                        std::span<const float> truth) const;

  const MapScorer& points_;
  std::size_t columns_;
  bool periodic_;
  std::optional<ZonalSpectra> spectra_;
};

}  // namespace ladcast
