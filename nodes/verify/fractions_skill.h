// Fractions skill score of an event on a map (Roberts and Lean 2008, doi:10.1175/2007MWR2123.1):
// whether it happens as often as forecast within a neighbourhood, be it at the point or not. Of an
// ensemble it is that of its probabilities, called pFSS by Necker et al. (2024,
// doi:10.1002/qj.4824).
#pragma once

#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include "nodes/verify/probability_scores.h"

namespace ladcast {

/// FSS = 1 - <(P - O)^2> / (<P^2> + <O^2>), P being the mean probability of the event in a
/// neighbourhood (of one member: the part of it in which the event is forecast) and O the part in
/// which it is observed.
struct FractionsSkill {
  double squared_error = 0.0;  // <(P - O)^2>, the fractions Brier score
  double reference = 0.0;      // <P^2> + <O^2>, what it is at worst

  /// 1 is perfect; NaN where neither forecast nor truth has an event.
  double value() const {
    return reference > 0.0 ? 1.0 - squared_error / reference
                           : std::numeric_limits<double>::quiet_NaN();
  }
};

/// (P - O)^2 and P^2 + O^2 by point, NaN where there is no forecast or no truth.
struct FractionsMaps {
  std::vector<double> squared_error, reference;
};

struct EventMap {
  std::size_t columns;
  bool periodic;  // the last column is a neighbour of the first
  Comparison comparison = Comparison::above;
  double threshold;
};

/// The part of the members for which the event holds, by point; NaN where there is no member.
std::vector<double> event_probabilities(std::span<const std::span<const float>> members,
                                        const EventMap& map);

/// Neighbourhoods are squares of 2 `reach` + 1 points, cut off at the edges of the map. Points at
/// which there is no probability or no truth (NaN) are in no neighbourhood and have none.
/// Requires: two maps of whole rows.
FractionsMaps compare_fractions(std::span<const double> probabilities, std::span<const float> truth,
                                const EventMap& map, std::size_t reach);

}  // namespace ladcast
