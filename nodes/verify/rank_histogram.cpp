#include "nodes/verify/rank_histogram.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "nodes/verify/missing.h"

namespace ladcast {
namespace {

double sum_of(std::span<const double> counts) {
  return std::accumulate(counts.begin(), counts.end(), 0.0);
}

}  // namespace

bool RankHistogram::add(const Rank& rank, double count) {
  if (rank.members + 1 != counts_.size()) return false;
  for (std::size_t bin = rank.below; bin <= rank.below + rank.tied; ++bin)
    counts_[bin] += count / static_cast<double>(rank.tied + 1);
  return true;
}

void PitHistogram::add(const Rank& rank, double count) {
  // In units in which a bin is as wide as there are ranks, and a rank as wide as there are bins.
  const std::size_t ranks = rank.members + 1;
  const std::size_t from = rank.below * kBins, to = (rank.below + rank.tied + 1) * kBins;
  for (std::size_t bin = from / ranks; bin * ranks < to; ++bin) {
    const std::size_t overlap = std::min(to, (bin + 1) * ranks) - std::max(from, bin * ranks);
    counts_[bin] += count * static_cast<double>(overlap) / static_cast<double>(to - from);
  }
}

std::vector<double> shares_of(std::span<const double> counts) {
  const double total = sum_of(counts);
  std::vector<double> shares;
  for (const double count : counts) shares.push_back(total > 0.0 ? count / total : kMissingScore);
  return shares;
}

Flatness flatness(std::span<const double> counts) {
  if (!(sum_of(counts) > 0.0) || counts.size() < 2)
    return {kMissingScore, kMissingScore, kMissingScore};
  const auto shares = shares_of(counts);
  const auto bins = static_cast<double>(counts.size());
  Flatness result{0.0, shares.front() + shares.back() - 2.0 / bins, 0.0};
  for (const double share : shares) {
    result.reliability_index += std::abs(share - 1.0 / bins);
    if (share > 0.0) result.entropy -= share * std::log(share) / std::log(bins);
  }
  return result;
}

CentralReliability central_reliability(std::span<const double> counts) {
  const auto shares = shares_of(counts);
  CentralReliability result;
  for (std::size_t central = 2 - counts.size() % 2; central <= counts.size(); central += 2) {
    result.mass.push_back(
        sum_of(std::span(shares).subspan((shares.size() - central) / 2, central)));
    result.expected.push_back(static_cast<double>(central) / static_cast<double>(counts.size()));
  }
  return result;
}

}  // namespace ladcast
