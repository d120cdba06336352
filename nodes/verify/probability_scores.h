// Scores of probabilities of an event, at one point, in double precision. p is the probability, o
// is 1 where the event happened and 0 where not; NaN where either is missing. Smaller is better, 0
// is perfect.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace ladcast {

/// (p - o)^2.
double brier_score(double probability, double outcome);

/// -log of the probability of what happened (ignorance, in nats): infinite where that was 0.
double log_score(double probability, double outcome);

/// Whether a value makes the event: x > t (WeatherBench 2, properscoring), x >= t (nci/scores),
/// x < t or x <= t.
enum class Comparison { above, at_least, below, at_most };

bool holds(double value, Comparison comparison, double threshold);

/// Members that make the event, of those that are there.
struct EventCount {
  std::size_t events = 0, members = 0;

  /// NaN without members.
  double probability() const;
};

EventCount count_events(std::span<const double> members, Comparison comparison, double threshold);

/// plain: (p - o)^2. fair: less p (1 - p) / (M - 1), so that the number of members does not matter
/// (Ferro 2014, doi:10.1002/qj.2270).
enum class EnsembleEstimator { plain, fair };

/// Brier score of p = events / members. The fair score of one member is the plain one (nci/scores).
/// NaN members are left out.
double brier_score(std::span<const double> members, double truth, Comparison comparison,
                   double threshold, EnsembleEstimator estimator);

/// Brier score of the event x > threshold for a normal distribution. NaN for a standard deviation
/// that is not positive.
double gaussian_brier_score(double mean, double standard_deviation, double truth, double threshold);

/// Ranked probability score of categories in their order: sum over their upper limits of
/// (F - F_o)^2, F being cumulative; not divided by their number. `outcomes` is 1 for the category
/// that happened, 0 for the others. Requires: as many outcomes as probabilities.
double ranked_probability_score(std::span<const double> probabilities,
                                std::span<const double> outcomes);

/// The same for the categories between `limits`, from the members: F is the part of them below (<,
/// WeatherBench 2) or at most (<=, WeatherBench-X) at the limit. The fair score is less
/// sum F (1 - F) / (M - 1) and needs two members. NaN where a limit is.
double ranked_probability_score(std::span<const double> members, double truth, Comparison cdf,
                                std::span<const double> limits, EnsembleEstimator estimator);

}  // namespace ladcast
