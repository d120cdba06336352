#include "nodes/verify/contingency.h"

#include <cmath>

#include "nodes/verify/missing.h"

namespace ladcast {
namespace {

double ratio(double numerator, double denominator) {
  return denominator != 0.0 ? numerator / denominator : kMissingScore;
}

constexpr ContingencyScore kScores[] = {
    {"pod", &ContingencyTable::pod},
    {"far", &ContingencyTable::false_alarm_ratio},
    {"pofd", &ContingencyTable::pofd},
    {"sr", &ContingencyTable::success_ratio},
    {"csi", &ContingencyTable::critical_success_index},
    {"ets", &ContingencyTable::equitable_threat_score},
    {"hss", &ContingencyTable::heidke_skill_score},
    {"pss", &ContingencyTable::peirce_skill_score},
    {"or", &ContingencyTable::odds_ratio},
    {"orss", &ContingencyTable::odds_ratio_skill_score},
    {"bias", &ContingencyTable::frequency_bias},
    {"sedi", &ContingencyTable::extremal_dependence_index},
};

}  // namespace

void ContingencyTable::add(double forecast, double outcome, double weight) {
  if (std::isnan(forecast) || std::isnan(outcome)) return;
  double& count = forecast != 0.0 ? (outcome != 0.0 ? hits : false_alarms)
                                  : (outcome != 0.0 ? misses : correct_negatives);
  count += weight;
}

void ContingencyTable::merge(const ContingencyTable& other) {
  hits += other.hits;
  misses += other.misses;
  false_alarms += other.false_alarms;
  correct_negatives += other.correct_negatives;
}

double ContingencyTable::pod() const { return ratio(hits, hits + misses); }

double ContingencyTable::false_alarm_ratio() const {
  return ratio(false_alarms, hits + false_alarms);
}

double ContingencyTable::pofd() const {
  return ratio(false_alarms, false_alarms + correct_negatives);
}

double ContingencyTable::success_ratio() const { return ratio(hits, hits + false_alarms); }

double ContingencyTable::critical_success_index() const {
  return ratio(hits, hits + misses + false_alarms);
}

double ContingencyTable::equitable_threat_score() const {
  const double by_chance = ratio((hits + false_alarms) * (hits + misses), total());
  return ratio(hits - by_chance, hits + misses + false_alarms - by_chance);
}

double ContingencyTable::heidke_skill_score() const {
  const double by_chance =
      ratio((hits + misses) * (hits + false_alarms) +
                (correct_negatives + misses) * (correct_negatives + false_alarms),
            total());
  return ratio(hits + correct_negatives - by_chance, total() - by_chance);
}

double ContingencyTable::peirce_skill_score() const { return pod() - pofd(); }

double ContingencyTable::odds_ratio() const {
  return ratio(hits * correct_negatives, misses * false_alarms);
}

double ContingencyTable::odds_ratio_skill_score() const {
  const double right = hits * correct_negatives, wrong = misses * false_alarms;
  return ratio(right - wrong, right + wrong);
}

double ContingencyTable::frequency_bias() const {
  return ratio(hits + false_alarms, hits + misses);
}

double ContingencyTable::extremal_dependence_index() const {
  const double h = pod(), f = pofd();
  if (!(h > 0.0 && h < 1.0 && f > 0.0 && f < 1.0)) return kMissingScore;
  const double a = std::log(f) + std::log(1.0 - h), b = std::log(h) + std::log(1.0 - f);
  return (a - b) / (a + b);
}

std::span<const ContingencyScore> contingency_scores() { return kScores; }

}  // namespace ladcast
