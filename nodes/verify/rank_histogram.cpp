#include "nodes/verify/rank_histogram.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "graph/error.h"
#include "nodes/verify/missing.h"
#include "nodes/verify/normal_distribution.h"

namespace ladcast {
namespace {

constexpr double kAccuracy = std::numeric_limits<double>::epsilon();
constexpr int kMostTerms = 100'000;

// P(a, x) by its series (Abramowitz and Stegun 6.5.29), for x < a + 1.
double lower_gamma(double a, double x) {
  double term = 1.0 / a, sum = term;
  for (int n = 1; n < kMostTerms && term > sum * kAccuracy; ++n) {
    term *= x / (a + n);
    sum += term;
  }
  return sum * std::exp(a * std::log(x) - x - std::lgamma(a));
}

// Q(a, x) by its continued fraction (6.5.31, by Lentz's method), for x >= a + 1.
double upper_gamma(double a, double x) {
  constexpr double kTiny = std::numeric_limits<double>::min() / kAccuracy;
  double b = x + 1.0 - a, c = 1.0 / kTiny, d = 1.0 / b, fraction = d;
  for (int n = 1; n < kMostTerms; ++n) {
    const double numerator = n * (a - n);
    b += 2.0;
    d = numerator * d + b;
    d = 1.0 / (std::abs(d) < kTiny ? kTiny : d);
    c = b + numerator / c;
    if (std::abs(c) < kTiny) c = kTiny;
    fraction *= c * d;
    if (std::abs(c * d - 1.0) < kAccuracy) break;
  }
  return fraction * std::exp(a * std::log(x) - x - std::lgamma(a));
}

double sum_of(std::span<const double> counts) {
  return std::accumulate(counts.begin(), counts.end(), 0.0);
}

}  // namespace

std::optional<Rank> rank_of(std::span<const double> members, double truth) {
  Rank rank;
  for (const double member : members) {
    if (std::isnan(member)) continue;
    ++rank.members;
    if (member < truth) ++rank.below;
    if (member == truth) ++rank.tied;
  }
  if (std::isnan(truth) || rank.members == 0) return {};
  return rank;
}

double probability_integral_transform(const Rank& rank, double uniform) {
  return (static_cast<double>(rank.below) + uniform * static_cast<double>(rank.tied + 1)) /
         static_cast<double>(rank.members + 1);
}

double gaussian_probability_integral_transform(double mean, double standard_deviation,
                                               double truth) {
  if (!(standard_deviation > 0.0)) return kMissingScore;
  return normal_cdf((truth - mean) / standard_deviation);
}

void RankHistogram::add(const Rank& rank, double weight) {
  if (rank.members + 1 != counts_.size()) return;
  for (std::size_t bin = rank.below; bin <= rank.below + rank.tied; ++bin)
    counts_[bin] += weight / static_cast<double>(rank.tied + 1);
}

void RankHistogram::add_random(const Rank& rank, double uniform, double weight) {
  if (rank.members + 1 != counts_.size()) return;
  const auto drawn = static_cast<std::size_t>(uniform * static_cast<double>(rank.tied + 1));
  counts_[rank.below + std::min(drawn, rank.tied)] += weight;
}

void RankHistogram::merge(const RankHistogram& other) {
  std::transform(counts_.begin(), counts_.end(), other.counts_.begin(), counts_.begin(),
                 std::plus<>());
}

std::vector<double> merged_bins(std::span<const double> counts, std::size_t bins) {
  if (bins == 0 || counts.size() % bins != 0)
    fail("{} bins of a rank histogram cannot be merged to {}: that must divide them", counts.size(),
         bins);
  const std::size_t together = counts.size() / bins;
  std::vector<double> merged;
  for (std::size_t bin = 0; bin < bins; ++bin)
    merged.push_back(sum_of(counts.subspan(bin * together, together)));
  return merged;
}

Flatness flatness(std::span<const double> counts) {
  const double total = sum_of(counts);
  if (!(total > 0.0) || counts.size() < 2)
    return {kMissingScore, kMissingScore, kMissingScore, kMissingScore, kMissingScore};
  const auto bins = static_cast<double>(counts.size());
  Flatness result{0.0, (counts.front() + counts.back()) / total - 2.0 / bins, 0.0, 0.0, 0.0};
  for (const double count : counts) {
    const double share = count / total, excess = share - 1.0 / bins;
    result.reliability_index += std::abs(excess);
    result.chi_square += total * bins * excess * excess;
    if (share > 0.0) result.entropy -= share * std::log(share) / std::log(bins);
  }
  result.probability = chi_square_survival(result.chi_square, bins - 1.0);
  return result;
}

CentralReliability central_reliability(std::span<const double> counts) {
  const double total = sum_of(counts);
  CentralReliability result;
  for (std::size_t central = 2 - counts.size() % 2; central <= counts.size(); central += 2) {
    const double mass = sum_of(counts.subspan((counts.size() - central) / 2, central));
    result.mass.push_back(total > 0.0 ? mass / total : kMissingScore);
    result.expected.push_back(static_cast<double>(central) / static_cast<double>(counts.size()));
  }
  return result;
}

double chi_square_survival(double value, double degrees) {
  const double a = 0.5 * degrees, x = 0.5 * value;
  if (std::isnan(a) || std::isnan(x) || a <= 0.0) return kMissingScore;
  if (x <= 0.0) return 1.0;
  return x < a + 1.0 ? 1.0 - lower_gamma(a, x) : upper_gamma(a, x);
}

}  // namespace ladcast
