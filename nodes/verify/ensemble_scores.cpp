#include "nodes/verify/ensemble_scores.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "nodes/verify/sort_rows.h"

namespace ladcast {
namespace {

constexpr std::size_t kBlock = 64;  // points whose sorted members stay in the first-level cache
using Lane = std::array<double, kBlock>;

// Sums over the members of one point, each relative to the truth: d = x - y.
struct MemberSums {
  double members = 0.0;
  double deviation = 0.0;  // of d
  double absolute = 0.0;   // of |d|
  double ordered = 0.0;    // of (2 i - M - 1) d_(i)
  double square = 0.0;     // of (d - mean d)^2

  double mean() const { return deviation / members; }
  double variance() const { return square / (members - 1.0); }
  double crps_fair() const { return absolute / members - ordered / (members * (members - 1.0)); }
};

// `sorted` ascends and has no NaN.
MemberSums sum_members(std::span<const float> sorted, double truth) {
  MemberSums sums;
  sums.members = static_cast<double>(sorted.size());
  double factor = 1.0 - sums.members;
  for (const float member : sorted) {
    const double d = static_cast<double>(member) - truth;
    sums.deviation += d;
    sums.absolute += std::abs(d);
    sums.ordered += factor * d;
    factor += 2.0;
  }
  for (const float member : sorted) {
    const double d = static_cast<double>(member) - truth - sums.mean();
    sums.square += d * d;
  }
  return sums;
}

// The same for the points of a block, with all members there: `sorted` is [member][kBlock].
struct BlockSums {
  Lane deviation{}, absolute{}, ordered{}, square{};

  BlockSums(const std::vector<float>& sorted, std::size_t members, const Lane& truth) {
    const auto count = static_cast<double>(members);
    for (std::size_t member = 0; member < members; ++member) {
      const float* const row = &sorted[member * kBlock];
      const double factor = 2.0 * static_cast<double>(member) + 1.0 - count;
      for (std::size_t i = 0; i < kBlock; ++i) {
        const double d = static_cast<double>(row[i]) - truth[i];
        deviation[i] += d;
        absolute[i] += std::abs(d);
        ordered[i] += factor * d;
      }
    }
    for (std::size_t member = 0; member < members; ++member) {
      const float* const row = &sorted[member * kBlock];
      for (std::size_t i = 0; i < kBlock; ++i) {
        const double d = static_cast<double>(row[i]) - truth[i] - deviation[i] / count;
        square[i] += d * d;
      }
    }
  }
};

// Members that are there, ascending.
std::vector<float> valid_sorted(std::vector<float> members) {
  std::erase_if(members, [](float value) { return std::isnan(value); });
  std::sort(members.begin(), members.end());
  return members;
}

void add_point(EnsembleScores& scores, const MemberSums& sums, bool deterministic, double weight) {
  const double error = sums.mean();
  scores.bias.add(error, weight);
  scores.mae.add(std::abs(error), weight);
  scores.mse.add(error * error, weight);
  if (deterministic) {
    scores.crps_fair.add(sums.absolute, weight);
  } else if (sums.members > 1.0) {
    scores.variance.add(sums.variance(), weight);
    scores.expected_mse.add((sums.members + 1.0) / sums.members * sums.variance(), weight);
    scores.crps_fair.add(sums.crps_fair(), weight);
  }
}

void add_anomalies(AnomalyCorrelation& acc, double forecast, double truth, double weight) {
  acc.covariance.add(forecast * truth, weight);
  acc.forecast_variance.add(forecast * forecast, weight);
  acc.truth_variance.add(truth * truth, weight);
}

}  // namespace

double AnomalyCorrelation::value() const {
  const double scale = std::sqrt(forecast_variance.value() * truth_variance.value());
  return scale > 0.0 ? covariance.value() / scale : std::numeric_limits<double>::quiet_NaN();
}

double crps_fair(std::span<const float> members, float truth) {
  const auto sorted = valid_sorted({members.begin(), members.end()});
  if (sorted.size() < 2 || std::isnan(truth)) return std::numeric_limits<double>::quiet_NaN();
  return sum_members(sorted, static_cast<double>(truth)).crps_fair();
}

MapScorer::MapScorer(const Grid& grid, LatitudeWeighting weighting)
    : weights_(latitude_weights(grid.latitude, weighting)),
      columns_(grid.columns()),
      total_weight_(std::accumulate(weights_.begin(), weights_.end(), 0.0) *
                    static_cast<double>(columns_)) {}

EnsembleScores MapScorer::score(std::span<const std::span<const float>> members,
                                std::span<const float> truth,
                                std::span<const float> climatology) const {
  EnsembleScores scores;
  const std::size_t count = members.size();
  const auto network = sorting_network(count);
  std::vector<float> block(count * kBlock);
  std::vector<float> at_point(count);
  for (std::size_t first = 0; first < truth.size(); first += kBlock) {
    const std::size_t size = std::min(kBlock, truth.size() - first);
    bool complete = true;
    for (std::size_t member = 0; member < count; ++member) {
      const auto values = members[member].subspan(first, size);
      std::copy(values.begin(), values.end(), &block[member * kBlock]);
      for (std::size_t i = 0; i < size; ++i)
        complete &= !std::isnan(values[i]) || std::isnan(truth[first + i]);
    }
    Lane block_truth{};
    std::copy_n(truth.begin() + static_cast<std::ptrdiff_t>(first), size, block_truth.begin());
    if (complete) sort_rows(block.data(), kBlock, network);
    const BlockSums sums(block, count, block_truth);
    for (std::size_t i = 0; i < size; ++i) {
      const std::size_t point = first + i;
      if (std::isnan(truth[point])) continue;
      MemberSums member_sums{static_cast<double>(count), sums.deviation[i], sums.absolute[i],
                             sums.ordered[i], sums.square[i]};
      if (!complete) {
        for (std::size_t member = 0; member < count; ++member)
          at_point[member] = block[member * kBlock + i];
        const auto valid = valid_sorted(at_point);
        if (valid.empty()) continue;
        member_sums = sum_members(valid, block_truth[i]);
      }
      const double weight = weights_[point / columns_];
      add_point(scores, member_sums, count == 1, weight);
      if (climatology.empty() || std::isnan(climatology[point])) continue;
      const double truth_anomaly = block_truth[i] - static_cast<double>(climatology[point]);
      add_anomalies(scores.acc, member_sums.mean() + truth_anomaly, truth_anomaly, weight);
    }
  }
  return scores;
}

}  // namespace ladcast
