// The scorers of maps of one grid: weights by region and plans of transforms.
#pragma once

#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "nodes/verify/map_scorer.h"
#include "nodes/verify/whole_map_scores.h"

namespace ladcast {

struct Scorers {
  /// `land`: see point_weights(). A region of the whole grid that is not global is called by its
  /// edges. Throws Error as its parts do.
  Scorers(const Grid& grid_, ScoreSettings settings, std::span<const float> land_);
  Scorers(const Scorers&) = delete;
  Scorers& operator=(const Scorers&) = delete;

  Grid grid;
  std::vector<float> land;
  MapScorer points;
  WholeMapScorer maps;
};

/// Makes them for the first map, and anew only for another grid or mask. Thread-safe.
class KeptScorers {
 public:
  std::shared_ptr<const Scorers> of(const Grid& grid, const ScoreSettings& settings,
                                    std::span<const float> land) const;

 private:
  mutable std::mutex mutex_;
  mutable std::shared_ptr<const Scorers> last_;
};

}  // namespace ladcast
