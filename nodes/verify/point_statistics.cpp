#include "nodes/verify/point_statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "nodes/verify/sort_rows.h"

namespace ladcast {
namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

// Sums over the members of N points, each relative to an origin: d = x - origin. Members ascend.
template <std::size_t N>
struct MemberSums {
  std::array<double, N> deviation{};  // of d
  std::array<double, N> absolute{};   // of |d|
  std::array<double, N> ordered{};    // of (2 i - M - 1) d_(i)
  std::array<double, N> square{};     // of (d - mean d)^2

  MemberSums(const std::vector<float>& sorted, std::size_t members,
             const std::array<double, N>& origin) {
    const auto count = static_cast<double>(members);
    for (std::size_t member = 0; member < members; ++member) {
      const float* const row = &sorted[member * N];
      const double factor = 2.0 * static_cast<double>(member) + 1.0 - count;
      for (std::size_t i = 0; i < N; ++i) {
        const double d = static_cast<double>(row[i]) - origin[i];
        deviation[i] += d;
        absolute[i] += std::abs(d);
        ordered[i] += factor * d;
      }
    }
    for (std::size_t member = 0; member < members; ++member) {
      const float* const row = &sorted[member * N];
      for (std::size_t i = 0; i < N; ++i) {
        const double d = static_cast<double>(row[i]) - origin[i] - deviation[i] / count;
        square[i] += d * d;
      }
    }
  }
};

// Type 7 of Hyndman and Fan, NumPy's default.
template <std::size_t N>
double quantile_of(const std::vector<float>& sorted, std::size_t members, std::size_t i,
                   double tau) {
  const double place = tau * static_cast<double>(members - 1);
  const auto below = std::min(static_cast<std::size_t>(place), members - 1);
  const auto above = std::min(below + 1, members - 1);
  const auto low = static_cast<double>(sorted[below * N + i]);
  const auto high = static_cast<double>(sorted[above * N + i]);
  return low + (place - static_cast<double>(below)) * (high - low);
}

}  // namespace

PointStatistics::PointStatistics(std::span<const std::span<const float>> members,
                                 std::span<const float> truth, std::span<const float> climatology,
                                 StatisticsWanted wanted)
    : members_(members),
      truth_(truth),
      climatology_(climatology),
      wanted_(std::move(wanted)),
      network_(sorting_network(members.size())),
      block_(members.size() * kBlock),
      lanes_(wanted_.lanes()) {}

const std::vector<Lane>& PointStatistics::at(std::size_t first) {
  const std::size_t size = std::min(kBlock, truth_.size() - first);
  const auto part = [&](std::span<const float> map) { return map.subspan(first, size); };
  const auto load = [&](std::span<const float> map, Lane& lane) {
    lane.fill(kMissing);
    if (!map.empty()) std::copy_n(part(map).begin(), size, lane.begin());
  };
  load(truth_, block_truth_);
  load(climatology_, block_climate_);
  std::array<bool, kBlock> incomplete{};
  for (std::size_t member = 0; member < members_.size(); ++member) {
    const auto values = part(members_[member]);
    std::copy(values.begin(), values.end(), &block_[member * kBlock]);
    for (std::size_t i = 0; i < size; ++i) incomplete[i] |= std::isnan(values[i]);
  }
  const bool complete =
      std::none_of(incomplete.begin(), incomplete.end(), [](bool b) { return b; });
  std::vector<float> as_given;
  if (!complete) as_given = block_;
  sort_rows(block_.data(), kBlock, network_);
  form<kBlock>(block_, members_.size(), 0);
  for (std::size_t i = 0; i < size && !complete; ++i) {
    if (!incomplete[i]) continue;
    column_.clear();
    for (std::size_t member = 0; member < members_.size(); ++member)
      if (const float value = as_given[member * kBlock + i]; !std::isnan(value))
        column_.push_back(value);
    form_incomplete(i);
  }
  return lanes_;
}

// One point at which some members are missing: `column_` has the others.
void PointStatistics::form_incomplete(std::size_t column) {
  std::sort(column_.begin(), column_.end());
  if (column_.empty()) {
    for (Lane& lane : lanes_) lane[column] = kMissing;
  } else {
    form<1>(column_, column_.size(), column);
  }
}

template <std::size_t N>
void PointStatistics::form(const std::vector<float>& sorted, std::size_t members,
                           std::size_t column) {
  const auto count = static_cast<double>(members);
  const bool deterministic = members_.size() == 1;
  std::array<double, N> origin;  // without truth, E|X - X'| exists all the same
  for (std::size_t i = 0; i < N; ++i)
    origin[i] = std::isnan(block_truth_[column + i]) ? static_cast<double>(sorted[i])
                                                     : block_truth_[column + i];
  const MemberSums<N> sums(sorted, members, origin);
  for (std::size_t i = 0; i < N; ++i) {
    const std::size_t at = column + i;
    const double missing_truth = block_truth_[at] - block_truth_[at];  // 0 or NaN
    const double error = sums.deviation[i] / count + missing_truth;
    const double skill = sums.absolute[i] / count + missing_truth;
    const double pairs = 2.0 * sums.ordered[i] / count;  // E|X - X'| (M - 1)
    // With one member these are 0/0, so they do not exist there.
    const double variance = sums.square[i] / (count - 1.0) + missing_truth;
    const double spread =
        deterministic && wanted_.spread_without_truth ? 0.0 : pairs / (count - 1.0);
    lanes_[kBias][at] = error;
    lanes_[kMae][at] = std::abs(error);
    lanes_[kMse][at] = error * error;
    lanes_[kVariance][at] = variance;
    lanes_[kExpectedMse][at] = (count + 1.0) / count * variance;
    lanes_[kDebiasedMse][at] = error * error - variance / count;
    lanes_[kCrpsFair][at] = deterministic ? skill : skill - 0.5 * spread;
    lanes_[kCrpsEcdf][at] = skill - 0.5 * pairs / count;
    lanes_[kCrpsSkill][at] = skill;
    lanes_[kCrpsSpread][at] = wanted_.spread_without_truth ? spread : spread + missing_truth;
    lanes_[kCrpsUnder][at] = 0.5 * (skill - error);
    lanes_[kCrpsOver][at] = 0.5 * (skill + error);
    const double truth = block_truth_[at] - block_climate_[at];
    const double forecast = error + truth;
    lanes_[kCovariance][at] = forecast * truth;
    lanes_[kForecastSquare][at] = forecast * forecast;
    lanes_[kTruthSquare][at] = truth * truth;
    lanes_[kForecastAnomaly][at] = forecast;
    lanes_[kTruthAnomaly][at] = truth;
  }
  std::array<double, N> below{}, tied{};
  for (std::size_t member = 0; member < members; ++member) {
    for (std::size_t i = 0; i < N; ++i) {
      const auto x = static_cast<double>(sorted[member * N + i]);
      below[i] += x < block_truth_[column + i] ? 1.0 : 0.0;
      tied[i] += x == block_truth_[column + i] ? 1.0 : 0.0;
    }
  }
  std::copy(below.begin(), below.end(), &lanes_[kBelow][column]);
  std::copy(tied.begin(), tied.end(), &lanes_[kTied][column]);
  for (std::size_t q = 0; q < wanted_.quantiles.size(); ++q) {
    const double tau = wanted_.quantiles[q];
    for (std::size_t i = 0; i < N; ++i) {
      const double error = block_truth_[column + i] - quantile_of<N>(sorted, members, i, tau);
      lanes_[wanted_.lane_of_quantile(q)][column + i] = error * (tau - (error < 0.0 ? 1.0 : 0.0));
    }
  }
  form_events<N>(sorted, members, column);
}

template <std::size_t N>
void PointStatistics::form_events(const std::vector<float>& sorted, std::size_t members,
                                  std::size_t column) {
  const auto count = static_cast<double>(members);
  for (std::size_t e = 0; e < wanted_.events.size(); ++e) {
    const Event& event = wanted_.events[e];
    const bool above = event.statistic.kind == Statistic::Kind::above;
    const auto threshold = static_cast<float>(event.statistic.value);
    const auto limit = [&](auto x) {
      const auto t = static_cast<decltype(x)>(threshold);
      return above ? std::max(x, t) : std::min(x, t);
    };
    limited_.resize(members * N);
    std::array<double, N> share{}, origin;
    for (std::size_t i = 0; i < N; ++i) origin[i] = limit(block_truth_[column + i]);
    for (std::size_t k = 0; k < members * N; ++k) {
      limited_[k] = limit(sorted[k]);
      share[k % N] += (above ? sorted[k] > threshold : sorted[k] < threshold) ? 1.0 : 0.0;
    }
    const MemberSums<N> sums(limited_, members, origin);
    for (std::size_t i = 0; i < N; ++i) {
      const std::size_t at = column + i;
      const auto lane = [&](EventLane which) -> double& {
        return lanes_[wanted_.lane_of(e, which)][at];
      };
      const double truth = block_truth_[at];
      const double missing_truth = truth - truth;  // 0 or NaN
      const auto t = static_cast<double>(threshold);
      const double observed = ((above ? truth > t : truth < t) ? 1.0 : 0.0) + missing_truth;
      const double p = share[i] / count;
      lane(kBrier) = (p - observed) * (p - observed);
      lane(kBrierFair) = lane(kBrier) - p * (1.0 - p) / (count - 1.0);
      lane(kTwcrpsFair) =
          sums.absolute[i] / count - sums.ordered[i] / (count * (count - 1.0)) + missing_truth;
      lane(kForecastShare) = p;
      lane(kObserved) = observed;
    }
  }
}

}  // namespace ladcast
