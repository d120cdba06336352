#include "nodes/verify/multivariate_scores.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <limits>
#include <numeric>
#include <utility>

#include "graph/error.h"

namespace ladcast {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

bool complete(std::span<const double> values) {
  return std::none_of(values.begin(), values.end(), [](double value) { return std::isnan(value); });
}

std::vector<std::span<const double>> complete_members(VectorMembers members) {
  std::vector<std::span<const double>> kept;
  std::copy_if(members.begin(), members.end(), std::back_inserter(kept), complete);
  return kept;
}

double distance(std::span<const double> a, std::span<const double> b) {
  double sum = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return std::sqrt(sum);
}

struct WeightedPair {
  std::size_t first, second;
  double weight;
};

// The pairs whose weighted distances add up to E||X - X'||; `w` adds up to 1.
std::vector<WeightedPair> pairs_of(std::span<const double> w, EnergyEstimator estimator) {
  const std::size_t members = w.size();
  std::vector<WeightedPair> pairs;
  const auto add_shifted = [&](std::size_t shift) {
    for (std::size_t m = 0; m < members; ++m)
      pairs.push_back({m, (m + members - shift) % members, w[m]});
  };
  const double others = 1.0 - std::inner_product(w.begin(), w.end(), w.begin(), 0.0);
  switch (estimator) {
    case EnergyEstimator::all_pairs:
    case EnergyEstimator::fair:
      for (std::size_t m = 0; m < members; ++m)
        for (std::size_t n = m + 1; n < members; ++n)
          pairs.push_back(
              {m, n, 2.0 * w[m] * w[n] / (estimator == EnergyEstimator::fair ? others : 1.0)});
      break;
    case EnergyEstimator::adjacent:
      add_shifted(1);
      break;
    case EnergyEstimator::adjacent_circular:
      add_shifted(members / 2);
      break;
    case EnergyEstimator::wb2:
      for (std::size_t m = 0; m + 1 < members; ++m)
        pairs.push_back({m, m + 1, (w[m] + w[m + 1]) / (2.0 - w[0] - w[members - 1])});
      break;
  }
  return pairs;
}

bool needs_two_members(EnergyEstimator estimator) {
  return estimator == EnergyEstimator::fair || estimator == EnergyEstimator::wb2;
}

// The members that are left on a map, and its points at which they and the truth are all there.
struct MapPoints {
  std::vector<std::span<const float>> members;
  std::vector<std::size_t> points;
};

MapPoints points_of(std::span<const std::span<const float>> members, std::span<const float> truth,
                    std::span<const double> point_weights) {
  MapPoints used;
  for (std::size_t point = 0; point < truth.size(); ++point)
    if (point_weights[point] > 0.0 && !std::isnan(truth[point])) used.points.push_back(point);
  for (const auto member : members)
    if (std::any_of(used.points.begin(), used.points.end(),
                    [&](std::size_t point) { return !std::isnan(member[point]); }))
      used.members.push_back(member);
  std::erase_if(used.points, [&](std::size_t point) {
    return std::any_of(used.members.begin(), used.members.end(),
                       [&](const auto& member) { return std::isnan(member[point]); });
  });
  return used;
}

constexpr std::size_t kLanes = 8;   // sums that run side by side
constexpr std::size_t kBlock = 64;  // points of all members that stay in the cache

// Squared distances between members of a map, and to its truth.
class MapBlocks {
 public:
  MapBlocks(const MapPoints& used, std::span<const float> truth, std::span<const double> weights)
      : used_(used), truth_(truth), weights_(weights) {}

  // Adds to each sum the weighted squares of the differences of its pair; the truth is the row
  // after the members.
  void add_squares(const std::vector<WeightedPair>& pairs, std::vector<double>& sums) const {
    const std::size_t rows = used_.members.size() + 1;
    std::vector<double> block(rows * kBlock);
    for (std::size_t start = 0; start < used_.points.size(); start += kBlock) {
      std::fill(block.begin(), block.end(), 0.0);
      const std::size_t count = std::min(kBlock, used_.points.size() - start);
      for (std::size_t row = 0; row < rows; ++row) {
        const auto values = row + 1 < rows ? used_.members[row] : truth_;
        for (std::size_t i = 0; i < count; ++i) {
          const std::size_t point = used_.points[start + i];
          block[row * kBlock + i] =
              std::sqrt(weights_[point]) *
              (static_cast<double>(values[point]) - static_cast<double>(truth_[point]));
        }
      }
      for (std::size_t pair = 0; pair < pairs.size(); ++pair)
        sums[pair] +=
            squares(&block[pairs[pair].first * kBlock], &block[pairs[pair].second * kBlock]);
    }
  }

 private:
  static double squares(const double* a, const double* b) {
    std::array<double, kLanes> sums{};
    for (std::size_t i = 0; i < kBlock; i += kLanes)
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        const double difference = a[i + lane] - b[i + lane];
        sums[lane] += difference * difference;
      }
    return std::accumulate(sums.begin(), sums.end(), 0.0);
  }

  const MapPoints& used_;
  std::span<const float> truth_;
  std::span<const double> weights_;
};

// Lower triangle L of the matrix L L' (row-major, D x D), in place; false where it is singular.
bool factorise(std::vector<double>& matrix, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) {
    const double diagonal = matrix[i * size + i];
    for (std::size_t j = 0; j <= i; ++j) {
      double sum = matrix[i * size + j];
      for (std::size_t k = 0; k < j; ++k) sum -= matrix[i * size + k] * matrix[j * size + k];
      if (j < i) {
        matrix[i * size + j] = sum / matrix[j * size + j];
      } else {
        // What rounding leaves of 0 is no variance.
        const double rounding = std::numeric_limits<double>::epsilon() * static_cast<double>(size);
        if (!(sum > rounding * diagonal)) return false;
        matrix[i * size + i] = std::sqrt(sum);
      }
    }
  }
  return true;
}

}  // namespace

EnergyEstimator parse_energy_estimator(std::string_view name) {
  constexpr std::pair<std::string_view, EnergyEstimator> kNames[] = {
      {"all_pairs", EnergyEstimator::all_pairs},
      {"fair", EnergyEstimator::fair},
      {"adjacent", EnergyEstimator::adjacent},
      {"adjacent_circular", EnergyEstimator::adjacent_circular},
      {"wb2", EnergyEstimator::wb2}};
  for (const auto& [known, estimator] : kNames)
    if (known == name) return estimator;
  fail(
      "no estimator of the energy score is called '{}': all_pairs, fair, adjacent, "
      "adjacent_circular or wb2",
      name);
}

EnergyScore energy_score(VectorMembers members, std::span<const double> truth,
                         EnergyEstimator estimator, std::span<const double> weights) {
  std::vector<std::span<const double>> kept;
  std::vector<double> w;
  for (std::size_t m = 0; m < members.size(); ++m) {
    if (!complete(members[m])) continue;
    kept.push_back(members[m]);
    w.push_back(weights.empty() ? 1.0 : weights[m]);
  }
  if (!complete(truth) || kept.empty()) return {kNaN, kNaN};
  const double total = std::accumulate(w.begin(), w.end(), 0.0);
  EnergyScore score{0.0, 0.0};
  for (std::size_t m = 0; m < kept.size(); ++m) {
    w[m] /= total;
    score.skill += w[m] * distance(kept[m], truth);
  }
  if (kept.size() < 2 && needs_two_members(estimator)) return {score.skill, kNaN};
  for (const auto& [m, n, weight] : pairs_of(w, estimator))
    score.spread += weight * distance(kept[m], kept[n]);
  return score;
}

EnergyScore map_energy_score(std::span<const std::span<const float>> members,
                             std::span<const float> truth, std::span<const double> point_weights,
                             EnergyEstimator estimator) {
  const MapPoints used = points_of(members, truth, point_weights);
  const std::size_t count = used.members.size();
  double total = 0.0;
  for (const std::size_t point : used.points) total += point_weights[point];
  if (count == 0 || total == 0.0) return {kNaN, kNaN};
  const std::vector<double> w(count, 1.0 / static_cast<double>(count));
  std::vector<WeightedPair> pairs;
  for (std::size_t m = 0; m < count; ++m) pairs.push_back({m, count, w[m]});
  const bool no_spread = count < 2 && needs_two_members(estimator);
  if (!no_spread) {
    const auto between = pairs_of(w, estimator);
    pairs.insert(pairs.end(), between.begin(), between.end());
  }
  std::vector<double> sums(pairs.size(), 0.0);
  MapBlocks(used, truth, point_weights).add_squares(pairs, sums);
  EnergyScore score{0.0, no_spread ? kNaN : 0.0};
  for (std::size_t pair = 0; pair < pairs.size(); ++pair)
    (pair < count ? score.skill : score.spread) +=
        pairs[pair].weight * std::sqrt(sums[pair] / total);
  return score;
}

double variogram_score(VectorMembers all_members, std::span<const double> truth,
                       const VariogramSettings& settings) {
  const auto members = complete_members(all_members);
  if (!complete(truth) || members.size() < (settings.fair ? 2U : 1U)) return kNaN;
  const auto count = static_cast<double>(members.size());
  const auto variogram = [p = settings.p](std::span<const double> z, std::size_t i, std::size_t j) {
    const double difference = std::abs(z[i] - z[j]);
    return p == 0.5 ? std::sqrt(difference) : p == 1.0 ? difference : std::pow(difference, p);
  };
  const auto weight = [&](std::size_t i, std::size_t j) {
    return settings.pair_weights.empty() ? 1.0 : settings.pair_weights[i * truth.size() + j];
  };
  double score = 0.0;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    for (std::size_t j = i + 1; j < truth.size(); ++j) {
      // Relative to the truth, so that nearly equal numbers keep their digits.
      const double observed = variogram(truth, i, j);
      double sum = 0.0, square = 0.0;
      for (const auto& member : members) {
        const double difference = variogram(member, i, j) - observed;
        sum += difference;
        square += difference * difference;
      }
      double term = sum / count * (sum / count);
      if (settings.fair) term -= (square - sum * sum / count) / (count * (count - 1.0));
      score += (weight(i, j) + weight(j, i)) * term;
    }
  }
  return score;
}

double error_spread_score(std::span<const double> all_members, double truth) {
  std::vector<double> members;
  std::copy_if(all_members.begin(), all_members.end(), std::back_inserter(members),
               [](double value) { return !std::isnan(value); });
  const auto count = static_cast<double>(members.size());
  if (members.size() < 3 || std::isnan(truth)) return kNaN;
  const double mean = std::accumulate(members.begin(), members.end(), 0.0) / count;
  double square = 0.0, cube = 0.0;
  for (const double member : members) {
    const double d = member - mean;
    square += d * d;
    cube += d * d * d;
  }
  const auto [least, most] = std::minmax_element(members.begin(), members.end());
  if (*least == *most) return kNaN;
  const double s = std::sqrt(square / (count - 1.0));
  const double g = cube / (s * s * s) / ((count - 1.0) * (count - 2.0));
  const double e = mean - truth;
  const double difference = s * s - e * e - e * s * g;
  return difference * difference;
}

double dawid_sebastiani(VectorMembers all_members, std::span<const double> truth, int ddof) {
  const auto members = complete_members(all_members);
  const std::size_t size = truth.size();
  const auto count = static_cast<double>(members.size());
  if (!complete(truth) || size >= members.size() || count <= ddof) return kNaN;
  std::vector<double> mean(size, 0.0);
  for (const auto& member : members)
    for (std::size_t i = 0; i < size; ++i) mean[i] += member[i] / count;
  std::vector<double> covariance(size * size, 0.0);
  for (const auto& member : members)
    for (std::size_t i = 0; i < size; ++i)
      for (std::size_t j = 0; j <= i; ++j)
        covariance[i * size + j] += (member[i] - mean[i]) * (member[j] - mean[j]) / (count - ddof);
  if (!factorise(covariance, size)) return kNaN;
  // C = L L': the first term is |z|^2 with L z = y - mean, log det C = 2 sum log L_ii.
  std::vector<double> z(size);
  double score = 0.0;
  for (std::size_t i = 0; i < size; ++i) {
    z[i] = truth[i] - mean[i];
    for (std::size_t k = 0; k < i; ++k) z[i] -= covariance[i * size + k] * z[k];
    const double root = covariance[i * size + i];
    z[i] /= root;
    score += z[i] * z[i] + 2.0 * std::log(root);
  }
  return score;
}

}  // namespace ladcast
