// Histograms of the rank of the truth among the members, and what they say about reliability.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

namespace ladcast {

/// Of the truth among the members that are there.
struct Rank {
  std::size_t below = 0;    // members below the truth
  std::size_t tied = 0;     // members equal to it
  std::size_t members = 0;  // all
};

/// Counts of ranks, M + 1 bins for M members. Not thread-safe.
class RankHistogram {
 public:
  explicit RankHistogram(std::size_t members) : counts_(members + 1) {}

  /// Each of the bins that tied members leave open gets the same part of `count`. A rank among
  /// fewer members is left out: false.
  bool add(const Rank& rank, double count = 1.0);

  const std::vector<double>& counts() const { return counts_; }

 private:
  std::vector<double> counts_;
};

/// Counts of the probability integral transform (below + u (tied + 1)) / (M + 1), in ten equal bins
/// from 0 to 1. u stands for a random number in [0, 1), and each bin gets the probability with
/// which it is met, so that nothing is drawn; ensembles of any size, and points at which members
/// are missing, count in the same bins. Flat for a reliable ensemble. Not thread-safe.
class PitHistogram {
 public:
  static constexpr std::size_t kBins = 10;

  void add(const Rank& rank, double count = 1.0);

  const std::array<double, kBins>& counts() const { return counts_; }

 private:
  std::array<double, kBins> counts_{};
};

/// The counts as parts of their sum; all NaN where that is 0.
std::vector<double> shares_of(std::span<const double> counts);

/// How far from flat a histogram of K bins is, f_k being its shares.
struct Flatness {
  double reliability_index;  // sum |f_k - 1/K| (Delle Monache et al. 2006,
                             // doi:10.1029/2005JD006917)
  double outliers;           // f_1 + f_K - 2/K: truths outside the ensemble, beyond those expected
  double entropy;            // -sum f_k log f_k / log K: 1 is flat (Taillardat et al. 2016,
                             // doi:10.1175/MWR-D-15-0260.1)
};

/// All NaN for an empty histogram or less than two bins.
Flatness flatness(std::span<const double> counts);

/// For the central 1, 3, 5 … or 2, 4, 6 … bins: their share of the counts and their share of the
/// bins, the same if reliable (WeatherBench 2). All NaN for an empty histogram.
struct CentralReliability {
  std::vector<double> mass, expected;
};

CentralReliability central_reliability(std::span<const double> counts);

}  // namespace ladcast
