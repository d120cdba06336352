// Fractions skill score of an event on a map (Roberts and Lean 2008, doi:10.1175/2007MWR2123.1):
// whether it happens as often as forecast within a neighbourhood, be it at the point or not.
#pragma once

#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include "nodes/verify/probability_scores.h"

namespace ladcast {

/// FSS = 1 - <(P - O)^2> / (<P^2> + <O^2>), P and O being the parts of each neighbourhood in which
/// the event is forecast and observed.
struct FractionsSkill {
  double squared_error = 0.0;  // sums over the points, with weights
  double reference = 0.0;

  void merge(const FractionsSkill& other);

  /// 1 is perfect; NaN where neither forecast nor truth has an event.
  double value() const {
    return reference > 0.0 ? 1.0 - squared_error / reference
                           : std::numeric_limits<double>::quiet_NaN();
  }
};

struct EventMap {
  std::size_t columns;
  bool periodic;  // the last column is a neighbour of the first
  Comparison comparison = Comparison::above;
  double threshold;
};

/// Neighbourhoods are squares of 2 `reach` + 1 points, cut off at the edges of the map. Points at
/// which the forecast or the truth is NaN are in no neighbourhood and have none.
/// `row_weights`: one for each row. Requires: maps of row_weights.size() x columns points.
FractionsSkill fractions_skill(std::span<const float> forecast, std::span<const float> truth,
                               const EventMap& map, std::span<const double> row_weights,
                               std::size_t reach);

}  // namespace ladcast
