// Rank of the truth among the members, histograms of it and what they say about reliability.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace ladcast {

struct Rank {
  std::size_t below = 0;    // members below the truth
  std::size_t tied = 0;     // members equal to it
  std::size_t members = 0;  // all that are there
};

/// Of the members that are there; nothing where the truth is NaN or there is no member.
std::optional<Rank> rank_of(std::span<const double> members, double truth);

/// The probability integral transform (below + u (tied + 1)) / (M + 1), evenly distributed for a
/// reliable ensemble where `uniform`, u, is random in [0, 1).
double probability_integral_transform(const Rank& rank, double uniform);

/// Phi((y - mean) / sd) of a normal distribution; NaN for a standard deviation that is not
/// positive.
double gaussian_probability_integral_transform(double mean, double standard_deviation,
                                               double truth);

/// Counts of ranks, M + 1 bins for M members. Not thread-safe.
class RankHistogram {
 public:
  explicit RankHistogram(std::size_t members) : counts_(members + 1) {}

  /// Each of the bins that tied members leave open gets the same part. A rank among fewer members
  /// is left out.
  void add(const Rank& rank, double weight = 1.0);

  /// One of those bins gets all, drawn by `uniform` in [0, 1) (Hamill 2001,
  /// doi:10.1175/1520-0493(2001)129<0550:IORHFV>2.0.CO;2).
  void add_random(const Rank& rank, double uniform, double weight = 1.0);

  /// Adds the counts of another histogram. Requires: the same number of members.
  void merge(const RankHistogram& other);

  const std::vector<double>& counts() const { return counts_; }

 private:
  std::vector<double> counts_;
};

/// Neighbouring bins together, so that `bins` are left. Throws Error where that does not divide
/// their number.
std::vector<double> merged_bins(std::span<const double> counts, std::size_t bins);

/// How far from flat a histogram of K bins is, f_k being its shares.
struct Flatness {
  double
      reliability_index;  // sum |f_k - 1/K| (Delle Monache et al. 2006, doi:10.1029/2005JD006917)
  double outliers;        // f_1 + f_K - 2/K: truths outside the ensemble, beyond those expected
  double entropy;         // -sum f_k log f_k / log K: 1 is flat (Taillardat et al. 2016,
                          // doi:10.1175/MWR-D-15-0260.1)
  double chi_square;      // sum (n_k - n/K)^2 / (n/K), K - 1 degrees of freedom
  double probability;  // of such a chi-square or a larger one where the truth is a member like any
                       // other and the n counts are independent; neighbouring points are not, so
                       // give the counts divided by the number of points that vary as one
};

/// All NaN for an empty histogram or less than two bins.
Flatness flatness(std::span<const double> counts);

/// For the central 1, 3, 5 … or 2, 4, 6 … bins: their share of the counts and their share of the
/// bins, the same if reliable (WeatherBench 2). All NaN for an empty histogram.
struct CentralReliability {
  std::vector<double> mass, expected;
};

CentralReliability central_reliability(std::span<const double> counts);

/// Probability that a chi-square variable of so many degrees of freedom is at least `value`:
/// Q(degrees/2, value/2), the incomplete gamma function (Abramowitz and Stegun 26.4.19).
double chi_square_survival(double value, double degrees);

}  // namespace ladcast
