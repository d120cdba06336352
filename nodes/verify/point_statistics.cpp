#include "nodes/verify/point_statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "nodes/verify/clones.h"
#include "nodes/verify/sort_rows.h"

namespace ladcast {
namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

// W neighbouring points. Sums over members run through all members for a few points, so that the
// compiler keeps them in registers; it needs arrays of its own for that.
template <std::size_t W>
using Points = std::array<double, W>;
constexpr std::size_t kWidth = 8;

template <std::size_t W>
[[gnu::always_inline]] inline Points<W> load(const double* from) {
  Points<W> points;
  for (std::size_t i = 0; i < W; ++i) points[i] = from[i];
  return points;
}

// Sums over the members of W points, each relative to an origin: d = limit(x) - origin.
template <std::size_t W>
struct MemberSums {
  Points<W> deviation{};  // of d
  Points<W> absolute{};   // of |d|
  Points<W> ordered{};    // of (2 i - M - 1) d_(i)

  template <typename Limit>
  [[gnu::always_inline]] MemberSums(const SortedMembers& sorted, const Points<W>& origin,
                                    Limit limit) {
    double factor = 1.0 - static_cast<double>(sorted.members);
    for (std::size_t member = 0; member < sorted.members; ++member) {
      const float* const row = sorted[member];
      for (std::size_t i = 0; i < W; ++i) {
        const double d = limit(static_cast<double>(row[i])) - origin[i];
        deviation[i] += d;
        absolute[i] += std::abs(d);
        ordered[i] += factor * d;
      }
      factor += 2.0;
    }
  }
};

// The sums of (x - origin - mean)^2, where `mean` is that of x - origin.
template <std::size_t W>
[[gnu::always_inline]] inline Points<W> squares(const SortedMembers& sorted,
                                                const Points<W>& origin, const Points<W>& mean) {
  Points<W> sum{};
  for (std::size_t member = 0; member < sorted.members; ++member) {
    const float* const row = sorted[member];
    for (std::size_t i = 0; i < W; ++i) {
      const double d = static_cast<double>(row[i]) - origin[i] - mean[i];
      sum[i] += d * d;
    }
  }
  return sum;
}

// The sums of (x - mean)^3.
template <std::size_t W>
[[gnu::always_inline]] inline Points<W> cubes(const SortedMembers& sorted, const Points<W>& mean) {
  Points<W> sum{};
  for (std::size_t member = 0; member < sorted.members; ++member) {
    const float* const row = sorted[member];
    for (std::size_t i = 0; i < W; ++i) {
      const double d = static_cast<double>(row[i]) - mean[i];
      sum[i] += d * d * d;
    }
  }
  return sum;
}

// How many members a condition holds for.
template <std::size_t W, typename Condition>
[[gnu::always_inline]] inline Points<W> count_if(const SortedMembers& sorted, Condition holds) {
  Points<W> count{};
  for (std::size_t member = 0; member < sorted.members; ++member) {
    const float* const row = sorted[member];
    for (std::size_t i = 0; i < W; ++i)
      count[i] += holds(static_cast<double>(row[i]), i) ? 1.0 : 0.0;
  }
  return count;
}

// Type 7 of Hyndman and Fan, NumPy's default.
double quantile_of(const SortedMembers& sorted, std::size_t i, double tau) {
  const double place = tau * static_cast<double>(sorted.members - 1);
  const auto below = std::min(static_cast<std::size_t>(place), sorted.members - 1);
  const auto above = std::min(below + 1, sorted.members - 1);
  const auto low = static_cast<double>(sorted[below][i]);
  const auto high = static_cast<double>(sorted[above][i]);
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
  const auto load_lane = [&](std::span<const float> map, Lane& lane) {
    lane.fill(kMissing);
    if (!map.empty()) std::copy_n(part(map).begin(), size, lane.begin());
  };
  load_lane(truth_, block_truth_);
  load_lane(climatology_, block_climate_);
  for (double& truth : block_truth_) truth += 0.0 * truth;  // NaN if infinite
  for (std::size_t member = 0; member < members_.size(); ++member)
    std::copy_n(part(members_[member]).begin(), size, &block_[member * kBlock]);
  const auto incomplete = incomplete_points();
  const bool complete = !members_.empty() && std::none_of(incomplete.begin(), incomplete.end(),
                                                          [](unsigned some) { return some != 0; });
  std::vector<float> as_given;
  if (!complete) as_given = block_;
  if (!members_.empty()) {
    sort_rows(block_.data(), kBlock, network_);
    form_block();
  }
  for (std::size_t i = 0; i < size && !complete; ++i) {
    if (!members_.empty() && incomplete[i] == 0) continue;
    column_.clear();
    for (std::size_t member = 0; member < members_.size(); ++member)
      if (const float value = as_given[member * kBlock + i]; std::isfinite(value))
        column_.push_back(value);
    form_incomplete(i);
  }
  return lanes_;
}

// Not 0 where a member is missing: NaN or infinite.
LADCAST_CLONES std::array<unsigned, kBlock> PointStatistics::incomplete_points() const {
  std::array<unsigned, kBlock> missing{};
  for (std::size_t member = 0; member < members_.size(); ++member) {
    const float* const row = &block_[member * kBlock];
    for (std::size_t i = 0; i < kBlock; ++i) missing[i] |= row[i] - row[i] == 0.0F ? 0U : 1U;
  }
  return missing;
}

LADCAST_CLONES void PointStatistics::form_block() {
  for (std::size_t i = 0; i < kBlock; i += kWidth)
    form<kWidth>({&block_[i], members_.size(), kBlock}, i);
}

// One point at which some members are missing: `column_` has the others.
void PointStatistics::form_incomplete(std::size_t column) {
  std::sort(column_.begin(), column_.end());
  if (column_.empty()) {
    for (Lane& lane : lanes_) lane[column] = kMissing;
    lanes_[kMembers][column] = 0.0 * block_truth_[column];
  } else {
    form<1>({column_.data(), column_.size(), 1}, column);
  }
}

template <std::size_t W>
void PointStatistics::form(const SortedMembers& sorted, std::size_t column) {
  const auto count = static_cast<double>(sorted.members);
  const bool deterministic = members_.size() == 1;
  const auto truth = load<W>(&block_truth_[column]);
  const auto climate = load<W>(&block_climate_[column]);
  Points<W> origin, mean;  // without truth, E|X - X'| exists all the same
  for (std::size_t i = 0; i < W; ++i)
    origin[i] = std::isnan(truth[i]) ? static_cast<double>(sorted[0][i]) : truth[i];
  const MemberSums<W> sums(sorted, origin, [](double x) { return x; });
  for (std::size_t i = 0; i < W; ++i) mean[i] = sums.deviation[i] / count;
  const Points<W> square = squares(sorted, origin, mean);
  std::array<Points<W>, kBelow> lanes;
  for (std::size_t i = 0; i < W; ++i) {
    const double missing_truth = truth[i] - truth[i];  // 0 or NaN
    const double error = mean[i] + missing_truth;
    const double skill = sums.absolute[i] / count + missing_truth;
    const double pairs = 2.0 * sums.ordered[i] / count;  // E|X - X'| (M - 1)
    // With one member these are 0/0, so they do not exist there.
    const double variance = square[i] / (count - 1.0) + missing_truth;
    const double spread =
        deterministic && wanted_.spread_without_truth ? 0.0 : pairs / (count - 1.0);
    lanes[kBias][i] = error;
    lanes[kMae][i] = std::abs(error);
    lanes[kMse][i] = error * error;
    lanes[kVariance][i] = variance;
    lanes[kExpectedMse][i] = (count + 1.0) / count * variance;
    lanes[kDebiasedMse][i] = error * error - variance / count;
    lanes[kCrpsFair][i] = deterministic ? skill : skill - 0.5 * spread;
    lanes[kCrpsEcdf][i] = skill - 0.5 * pairs / count;
    lanes[kCrpsSkill][i] = skill;
    lanes[kCrpsSpread][i] = wanted_.spread_without_truth ? spread : spread + missing_truth;
    lanes[kCrpsUnder][i] = 0.5 * (skill - error);
    lanes[kCrpsOver][i] = 0.5 * (skill + error);
    const double truth_anomaly = truth[i] - climate[i];
    const double anomaly = error + truth_anomaly;
    lanes[kCovariance][i] = anomaly * truth_anomaly;
    lanes[kForecastSquare][i] = anomaly * anomaly;
    lanes[kTruthSquare][i] = truth_anomaly * truth_anomaly;
    lanes[kForecastAnomaly][i] = anomaly;
    lanes[kTruthAnomaly][i] = truth_anomaly;
  }
  for (std::size_t lane = 0; lane < lanes.size(); ++lane) store(lanes[lane], lane, column);
  for (std::size_t i = 0; i < W; ++i) lanes_[kMembers][column + i] = count + (truth[i] - truth[i]);
  if (wanted_.ranks) {
    store(count_if<W>(sorted, [&](double x, std::size_t i) { return x < truth[i]; }), kBelow,
          column);
    store(count_if<W>(sorted, [&](double x, std::size_t i) { return x == truth[i]; }), kTied,
          column);
  }
  if (wanted_.error_spread) form_error_spread<W>(sorted, column);
  if (wanted_.dawid_sebastiani) form_dawid_sebastiani<W>(column);
  for (std::size_t q = 0; q < wanted_.quantiles.size(); ++q) {
    const double tau = wanted_.quantiles[q];
    for (std::size_t i = 0; i < W; ++i) {
      const double error = truth[i] - quantile_of(sorted, i, tau);
      lanes_[wanted_.lane_of_quantile(q)][column + i] = error * (tau - (error < 0.0 ? 1.0 : 0.0));
    }
  }
  for (std::size_t e = 0; e < wanted_.events.size(); ++e) {
    // Values are float32, and are compared with the threshold as such.
    const double t = static_cast<float>(wanted_.events[e].statistic.value);
    if (wanted_.events[e].statistic.kind == Statistic::Kind::above)
      form_event<W>(
          sorted, column, e, [t](double x) { return x > t; },
          [t](double x) { return std::max(x, t); });
    else
      form_event<W>(
          sorted, column, e, [t](double x) { return x < t; },
          [t](double x) { return std::min(x, t); });
  }
}

// As error_spread_score() of multivariate_scores.h. Requires: kBias and kVariance are formed.
template <std::size_t W>
void PointStatistics::form_error_spread(const SortedMembers& sorted, std::size_t column) {
  const auto count = static_cast<double>(sorted.members);
  const auto truth = load<W>(&block_truth_[column]);
  const auto error = load<W>(&lanes_[kBias][column]);
  const auto variance = load<W>(&lanes_[kVariance][column]);
  Points<W> mean;
  for (std::size_t i = 0; i < W; ++i) mean[i] = truth[i] + error[i];
  const Points<W> cube = cubes(sorted, mean);
  Points<W> score;
  for (std::size_t i = 0; i < W; ++i) {
    const double skew = cube[i] / (variance[i] * (count - 1.0) * (count - 2.0));  // s g
    const double difference = variance[i] - error[i] * error[i] - error[i] * skew;
    const bool exists = sorted.members > 2 && sorted[0][i] < sorted[sorted.members - 1][i];
    score[i] = exists ? difference * difference : kMissing;
  }
  store(score, kErrorSpread, column);
}

// As dawid_sebastiani() of multivariate_scores.h. Requires: kMse and kVariance are formed.
template <std::size_t W>
void PointStatistics::form_dawid_sebastiani(std::size_t column) {
  const auto square = load<W>(&lanes_[kMse][column]);
  const auto variance = load<W>(&lanes_[kVariance][column]);
  Points<W> score;
  for (std::size_t i = 0; i < W; ++i)
    score[i] = variance[i] > 0.0 ? square[i] / variance[i] + std::log(variance[i]) : kMissing;
  store(score, kDawidSebastiani, column);
}

template <std::size_t W, typename Condition, typename Limit>
void PointStatistics::form_event(const SortedMembers& sorted, std::size_t column, std::size_t e,
                                 Condition holds, Limit limit) {
  const auto count = static_cast<double>(sorted.members);
  const auto truth = load<W>(&block_truth_[column]);
  Points<W> origin;
  for (std::size_t i = 0; i < W; ++i) origin[i] = limit(truth[i]);
  const MemberSums<W> sums(sorted, origin, limit);
  const auto members_with = count_if<W>(sorted, [&](double x, std::size_t) { return holds(x); });
  std::array<Points<W>, kPerEvent> lanes;
  for (std::size_t i = 0; i < W; ++i) {
    const double missing_truth = truth[i] - truth[i];  // 0 or NaN
    const double observed = (holds(truth[i]) ? 1.0 : 0.0) + missing_truth;
    const double p = members_with[i] / count;
    lanes[kBrier][i] = (p - observed) * (p - observed);
    lanes[kBrierFair][i] = lanes[kBrier][i] - p * (1.0 - p) / (count - 1.0);
    lanes[kTwcrpsFair][i] =
        sums.absolute[i] / count - sums.ordered[i] / (count * (count - 1.0)) + missing_truth;
    lanes[kForecastShare][i] = p;
    lanes[kObserved][i] = observed;
  }
  for (std::size_t lane = 0; lane < lanes.size(); ++lane)
    store(lanes[lane], wanted_.lane_of(e, static_cast<EventLane>(lane)), column);
}

template <std::size_t W>
void PointStatistics::store(const std::array<double, W>& points, std::size_t lane,
                            std::size_t column) {
  std::copy_n(points.begin(), W, &lanes_[lane][column]);
}

}  // namespace ladcast
