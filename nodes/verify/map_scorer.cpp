#include "nodes/verify/map_scorer.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <limits>
#include <numeric>

#include "nodes/verify/clones.h"
#include "nodes/verify/point_statistics.h"
#include "nodes/verify/rank_histogram.h"

namespace ladcast {
namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

// A weighted mean over the points at which a statistic exists. Eight sums side by side, in a fixed
// order, so that the compiler may use vectors and the result is always the same.
class Mean {
 public:
  LADCAST_CLONES void add(const Lane& statistic, const Lane& weights) {
    Mean to = *this;  // in registers
    for (std::size_t first = 0; first < kBlock; first += kSums) {
      for (std::size_t i = 0; i < kSums; ++i) {
        const double value = statistic[first + i];
        const double weight = weights[first + i];
        const bool used = value == value && weight > 0.0;
        to.sum_[i] += used ? weight * value : 0.0;
        to.weight_[i] += used ? weight : 0.0;
        to.points_[i] += used ? 1.0 : 0.0;
      }
    }
    *this = to;
  }
  double sum() const { return total(sum_); }
  double weight() const { return total(weight_); }
  std::size_t points() const { return static_cast<std::size_t>(total(points_)); }
  double value() const { return points() > 0 ? sum() / weight() : kMissing; }

 private:
  static constexpr std::size_t kSums = 8;
  using Sums = std::array<double, kSums>;
  static double total(const Sums& sums) { return std::accumulate(sums.begin(), sums.end(), 0.0); }

  Sums sum_{}, weight_{}, points_{};
};

// A lane that is averaged, and what its row is called.
struct Averaged {
  std::size_t lane;
  const char* score;
  std::string event = {};
  std::optional<double> bin = {};
};

struct NamedLane {
  const char* score;
  StatisticLane lane;
};
constexpr std::array kDefault = {NamedLane{"mse", kMse}, NamedLane{"bias", kBias},
                                 NamedLane{"mae", kMae}, NamedLane{"crps_fair", kCrpsFair}};
constexpr std::array kOfEnsembles = {NamedLane{"variance", kVariance},
                                     NamedLane{"expected_mse", kExpectedMse},
                                     NamedLane{"members_used", kMembers}};
constexpr std::array kExtra = {
    NamedLane{"debiased_mse", kDebiasedMse}, NamedLane{"crps_ecdf", kCrpsEcdf},
    NamedLane{"crps_skill", kCrpsSkill},     NamedLane{"crps_spread", kCrpsSpread},
    NamedLane{"crps_under", kCrpsUnder},     NamedLane{"crps_over", kCrpsOver}};
constexpr std::array kExtraOfEnsembles = {NamedLane{"error_spread", kErrorSpread},
                                          NamedLane{"dawid_sebastiani", kDawidSebastiani}};

std::vector<Averaged> averaged(const ScoreSettings& settings, const StatisticsWanted& wanted,
                               bool ensemble) {
  std::vector<Averaged> result;
  for (const auto& [score, lane] : kDefault) result.push_back({lane, score});
  if (ensemble)
    for (const auto& [score, lane] : kOfEnsembles) result.push_back({lane, score});
  for (const auto& [score, lane] : kExtra)
    if (settings.extra.contains(score)) result.push_back({lane, score});
  for (const auto& [score, lane] : kExtraOfEnsembles)
    if (ensemble && settings.extra.contains(score)) result.push_back({lane, score});
  for (std::size_t e = 0; e < wanted.events.size(); ++e) {
    const std::string event = wanted.events[e].condition();
    result.push_back({wanted.lane_of(e, kBrier), "brier", event});
    if (!ensemble) continue;
    result.push_back({wanted.lane_of(e, kBrierFair), "brier_fair", event});
    result.push_back({wanted.lane_of(e, kTwcrpsFair), "twcrps_fair", event});
  }
  for (std::size_t q = 0; q < wanted.quantiles.size(); ++q)
    result.push_back({wanted.lane_of_quantile(q), "quantile_score", "", wanted.quantiles[q]});
  return result;
}

// Anomaly correlation from the means over the region, NaN where there is no anomaly.
double correlation(double covariance, double forecast_square, double truth_square) {
  const double scale = std::sqrt(forecast_square * truth_square);
  return scale > 0.0 ? covariance / scale : kMissing;
}

// What is formed of one map.
struct Layout {
  StatisticsWanted wanted;
  std::vector<Averaged> means;
  std::size_t members;
  bool anomalies, centred, ranks, pit, as_ladcast;

  Layout(const ScoreSettings& settings, const Channel& channel, std::size_t member_count,
         bool has_climatology)
      : members(member_count),
        anomalies(has_climatology),
        centred(settings.extra.contains("acc_centred")),
        ranks(members > 1 && settings.extra.contains("rank_histogram")),
        pit(members > 1 && settings.extra.contains("pit_histogram")),
        as_ladcast(settings.as_ladcast) {
    wanted = {.quantiles = settings.quantiles,
              .ranks = ranks || pit,
              .error_spread = members > 1 && settings.extra.contains("error_spread"),
              .dawid_sebastiani = members > 1 && settings.extra.contains("dawid_sebastiani"),
              .spread_without_truth = as_ladcast};
    std::copy_if(settings.events.begin(), settings.events.end(), std::back_inserter(wanted.events),
                 [&](const Event& event) { return event.is_about(channel); });
    means = averaged(settings, wanted, members != 1);
  }
};

// The sums over one region of one map.
class RegionSums {
 public:
  explicit RegionSums(const Layout& layout)
      : layout_(layout),
        means_(layout.means.size()),
        ranks_(layout.members),
        events_(layout.wanted.events.size(), std::vector<Shares>(layout.members + 1)) {}

  /// `parts` of the cells that are in the region: in the histograms all latitudes count alike.
  void add(const std::vector<Lane>& lanes, const Lane& weights, std::span<const double> parts) {
    for (std::size_t k = 0; k < means_.size(); ++k)
      means_[k].add(lanes[layout_.means[k].lane], weights);
    if (layout_.anomalies)
      for (std::size_t k = 0; k < anomalies_.size(); ++k)
        anomalies_[k].add(lanes[kCovariance + k], weights);
    if (!layout_.wanted.ranks && events_.empty()) return;
    for (std::size_t i = 0; i < kBlock; ++i) {
      if (!(weights[i] > 0.0) || std::isnan(lanes[kMse][i])) continue;
      if (layout_.wanted.ranks) {
        const auto count = [&](StatisticLane lane) {
          return static_cast<std::size_t>(lanes[lane][i]);
        };
        const Rank rank{count(kBelow), count(kTied), count(kMembers)};
        if (ranks_.add(rank, parts[i])) {
          ranked_weight_ += weights[i];
          ++ranked_points_;
        }
        pit_.add(rank, parts[i]);
      }
      for (std::size_t e = 0; e < events_.size(); ++e) {
        const double p = lanes[layout_.wanted.lane_of(e, kForecastShare)][i];
        Shares& shares = events_[e][static_cast<std::size_t>(std::lround(p * members()))];
        shares.forecast += weights[i];
        shares.observed += weights[i] * lanes[layout_.wanted.lane_of(e, kObserved)][i];
      }
    }
  }

  /// `total`: the weight of the region.
  std::vector<MapScore> scores(double total) const {
    std::vector<MapScore> rows;
    for (std::size_t k = 0; k < means_.size(); ++k) {
      const Averaged& what = layout_.means[k];
      const Mean& mean = means_[k];
      rows.push_back(
          {what.score, what.event, what.bin, value_of(mean), mean.weight() / total, mean.points()});
    }
    if (layout_.anomalies) append_correlations(rows, total);
    append_histograms(rows, total);
    return rows;
  }

 private:
  struct Shares {
    double forecast = 0.0, observed = 0.0;  // weights
  };

  double members() const { return static_cast<double>(layout_.members); }

  // The reference divides by the number of points used: its weights have the mean 1 over the grid.
  double value_of(const Mean& mean) const {
    if (!layout_.as_ladcast || mean.points() == 0) return mean.value();
    return mean.sum() / static_cast<double>(mean.points());
  }

  void append_correlations(std::vector<MapScore>& rows, double total) const {
    const auto& [covariance, forecast, truth, f, t] = anomalies_;
    const auto append = [&](const char* score, double value) {
      rows.push_back({score, {}, {}, value, covariance.weight() / total, covariance.points()});
    };
    append("acc", correlation(covariance.value(), forecast.value(), truth.value()));
    if (layout_.centred)
      append("acc_centred", correlation(covariance.value() - f.value() * t.value(),
                                        forecast.value() - f.value() * f.value(),
                                        truth.value() - t.value() * t.value()));
  }

  void append_histograms(std::vector<MapScore>& rows, double total) const {
    const Mean& used = means_.front();
    const auto append_shares = [&](const char* score, std::span<const double> counts,
                                   double bins_per_unit, double weight, std::size_t points) {
      const auto shares = shares_of(counts);
      for (std::size_t bin = 0; bin < shares.size(); ++bin)
        rows.push_back({score,
                        {},
                        static_cast<double>(bin) / bins_per_unit,
                        shares[bin],
                        weight / total,
                        points});
    };
    if (layout_.ranks)
      append_shares("rank_histogram", ranks_.counts(), 1.0, ranked_weight_, ranked_points_);
    if (layout_.pit)
      append_shares("pit_histogram", pit_.counts(), PitHistogram::kBins, used.weight(),
                    used.points());
    if (layout_.members == 0) return;  // there are no shares of members
    for (std::size_t e = 0; e < events_.size(); ++e) {
      const std::string event = layout_.wanted.events[e].condition();
      const auto append = [&](const char* score, double p, double weight) {
        rows.push_back(
            {score, event, p, weight / used.weight(), used.weight() / total, used.points()});
      };
      for (std::size_t k = 0; k < events_[e].size(); ++k) {
        const double p = static_cast<double>(k) / members();
        append("forecast_share", p, events_[e][k].forecast);
        append("observed_share", p, events_[e][k].observed);
      }
    }
  }

  const Layout& layout_;
  std::vector<Mean> means_;
  std::array<Mean, 5> anomalies_;  // kCovariance … kTruthAnomaly
  RankHistogram ranks_;
  double ranked_weight_ = 0.0;     // of the points in ranks_
  std::size_t ranked_points_ = 0;  // the same
  PitHistogram pit_;
  std::vector<std::vector<Shares>> events_;  // by the members for which it holds
};

}  // namespace

std::vector<std::string> extra_scores() {
  std::vector<std::string> names;
  for (const auto& [score, lane] : kExtra) names.emplace_back(score);
  for (const auto& [score, lane] : kExtraOfEnsembles) names.emplace_back(score);
  names.emplace_back("acc_centred");
  names.emplace_back("rank_histogram");
  names.emplace_back("pit_histogram");
  return names;
}

MapScorer::MapScorer(const Grid& grid, ScoreSettings settings, std::span<const float> land)
    : settings_(std::move(settings)) {
  const auto rows = latitude_weights(grid.latitude, settings_.weighting);
  for (const ScoreRegion& region : settings_.regions) {
    auto weights = point_weights(region, grid, rows, land);
    auto parts = point_weights(region, grid, std::vector(rows.size(), 1.0), land);
    const double total = std::accumulate(weights.begin(), weights.end(), 0.0);
    weights_.push_back({std::move(weights), std::move(parts), total});
  }
}

std::vector<std::vector<MapScore>> MapScorer::score(const Channel& channel,
                                                    std::span<const std::span<const float>> members,
                                                    std::span<const float> truth,
                                                    std::span<const float> climatology) const {
  const Layout layout(settings_, channel, members.size(), !climatology.empty());
  std::vector<RegionSums> sums(weights_.size(), RegionSums(layout));
  PointStatistics statistics(members, truth, climatology, layout.wanted);
  for (std::size_t first = 0; first < truth.size(); first += kBlock) {
    const std::size_t size = std::min(kBlock, truth.size() - first);
    const std::vector<Lane>* lanes = nullptr;
    for (std::size_t region = 0; region < weights_.size(); ++region) {
      Lane weights{};
      std::copy_n(&weights_[region].of_points[first], size, weights.begin());
      if (std::all_of(weights.begin(), weights.end(), [](double w) { return w <= 0.0; })) continue;
      if (lanes == nullptr) lanes = &statistics.at(first);
      sums[region].add(*lanes, weights, std::span(weights_[region].parts).subspan(first, size));
    }
  }
  std::vector<std::vector<MapScore>> scores;
  for (std::size_t region = 0; region < weights_.size(); ++region)
    scores.push_back(sums[region].scores(weights_[region].total));
  return scores;
}

}  // namespace ladcast
