// Reliability diagram: how often an event happens where a probability was given for it, and the
// parts of the Brier score that follow.
#pragma once

#include <cstddef>
#include <vector>

namespace ladcast {

/// BS = reliability - resolution + uncertainty + within (Murphy 1973,
/// doi:10.1175/1520-0450(1973)012<0595:ANVPOT>2.0.CO;2; the last after Stephenson et al. 2008,
/// doi:10.1175/2007WAF2006116.1, is 0 where each bin holds one probability only).
struct BrierParts {
  double brier = 0.0;
  double reliability = 0.0;  // sum w_k (p_k - o_k)^2 / sum w: 0 is best
  double resolution = 0.0;   // sum w_k (o_k - o)^2 / sum w: large is best
  double uncertainty = 0.0;  // o (1 - o)
  double within = 0.0;       // of probabilities inside a bin

  /// 1 - BS / uncertainty, against the sample's own frequency; NaN where that is 0 or 1.
  double skill() const;
};

struct ReliabilityBin {
  double weight = 0.0;
  double probability = 0.0;  // sums with weights; divided by `weight` the means
  double outcome = 0.0;
  std::size_t count = 0;
};

/// Sums over pairs of probability and outcome, in bins of probability. Not thread-safe.
class ReliabilityDiagram {
 public:
  /// Bins [a, b), the last [a, b]. Requires: ascending edges from 0 to 1.
  explicit ReliabilityDiagram(std::vector<double> edges);

  /// `bins` of equal width.
  static ReliabilityDiagram even(std::size_t bins);

  /// One bin for each probability 0, 1/M … 1 that M members can give.
  static ReliabilityDiagram of_members(std::size_t members);

  /// Leaves out pairs of which one is NaN. Throws Error for a probability outside 0 to 1.
  void add(double probability, double outcome, double weight = 1.0);

  /// Adds the sums of another diagram. Requires: the same edges.
  void merge(const ReliabilityDiagram& other);

  const std::vector<double>& edges() const { return edges_; }
  const std::vector<ReliabilityBin>& bins() const { return bins_; }

  /// All NaN without a pair.
  BrierParts parts() const;

 private:
  std::vector<double> edges_;
  std::vector<ReliabilityBin> bins_;
  double squared_error_ = 0.0;
};

}  // namespace ladcast
