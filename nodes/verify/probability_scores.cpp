#include "nodes/verify/probability_scores.h"

#include <cmath>

#include "nodes/verify/missing.h"
#include "nodes/verify/normal_distribution.h"

namespace ladcast {
namespace {

double square(double x) { return x * x; }

}  // namespace

double brier_score(double probability, double outcome) { return square(probability - outcome); }

double log_score(double probability, double outcome) {
  if (std::isnan(outcome)) return kMissingScore;
  return -std::log(outcome != 0.0 ? probability : 1.0 - probability);
}

bool holds(double value, Comparison comparison, double threshold) {
  switch (comparison) {
    case Comparison::above:
      return value > threshold;
    case Comparison::at_least:
      return value >= threshold;
    case Comparison::below:
      return value < threshold;
    case Comparison::at_most:
      break;
  }
  return value <= threshold;
}

double EventCount::probability() const {
  return members > 0 ? static_cast<double>(events) / static_cast<double>(members) : kMissingScore;
}

EventCount count_events(std::span<const double> members, Comparison comparison, double threshold) {
  EventCount count;
  for (const double member : members) {
    if (std::isnan(member)) continue;
    ++count.members;
    if (holds(member, comparison, threshold)) ++count.events;
  }
  return count;
}

double brier_score(std::span<const double> members, double truth, Comparison comparison,
                   double threshold, EnsembleEstimator estimator) {
  if (std::isnan(truth) || std::isnan(threshold)) return kMissingScore;
  const EventCount count = count_events(members, comparison, threshold);
  const double p = count.probability();
  const double plain = brier_score(p, holds(truth, comparison, threshold) ? 1.0 : 0.0);
  if (estimator == EnsembleEstimator::plain || count.members < 2) return plain;
  return plain - p * (1.0 - p) / static_cast<double>(count.members - 1);
}

double gaussian_brier_score(double mean, double standard_deviation, double truth,
                            double threshold) {
  if (!(standard_deviation > 0.0) || std::isnan(truth) || std::isnan(threshold))
    return kMissingScore;
  return brier_score(normal_cdf((mean - threshold) / standard_deviation),
                     truth > threshold ? 1.0 : 0.0);
}

double ranked_probability_score(std::span<const double> probabilities,
                                std::span<const double> outcomes) {
  double sum = 0.0, forecast = 0.0, observed = 0.0;
  for (std::size_t category = 0; category < probabilities.size(); ++category) {
    forecast += probabilities[category];
    observed += outcomes[category];
    sum += square(forecast - observed);
  }
  return sum;
}

double ranked_probability_score(std::span<const double> members, double truth, Comparison cdf,
                                std::span<const double> limits, EnsembleEstimator estimator) {
  if (estimator == EnsembleEstimator::fair && valid_members(members).size() < 2)
    return kMissingScore;
  double sum = 0.0;
  for (const double limit : limits) sum += brier_score(members, truth, cdf, limit, estimator);
  return sum;
}

}  // namespace ladcast
