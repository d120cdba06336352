// Relative operating characteristic: hits against false alarms of a probability forecast that warns
// from a threshold on.
#pragma once

#include <span>
#include <vector>

namespace ladcast {

struct RocCurve {
  std::vector<double> thresholds;  // ascending, from 0 or less to infinity
  std::vector<double> pod;         // of the events, the part that p >= threshold announced
  std::vector<double> pofd;        // of the other cases, the part that p >= threshold announced

  /// Under the curve, by trapezoids: 0.5 without skill, 1 is perfect.
  double area() const;
};

/// Of pairs of probability and outcome (1 where the event happened, else 0); pairs of which one is
/// NaN are left out. 0 and infinity are added to the thresholds. None means that every probability
/// that occurs is one: fewer make the area smaller. POD is NaN without an event, POFD if there are
/// only events. Throws Error where the numbers of probabilities and outcomes differ.
RocCurve roc_curve(std::span<const double> probabilities, std::span<const double> outcomes,
                   std::vector<double> thresholds = {});

}  // namespace ladcast
