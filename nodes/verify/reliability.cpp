#include "nodes/verify/reliability.h"

#include <algorithm>
#include <cmath>

#include "graph/error.h"
#include "nodes/verify/missing.h"

namespace ladcast {
namespace {

constexpr double kRounding = 1e-8;  // of a probability

double square(double x) { return x * x; }

}  // namespace

double BrierParts::skill() const {
  return uncertainty > 0.0 ? 1.0 - brier / uncertainty : kMissingScore;
}

ReliabilityDiagram::ReliabilityDiagram(std::vector<double> edges)
    : edges_(std::move(edges)), bins_(edges_.size() - 1) {}

ReliabilityDiagram ReliabilityDiagram::even(std::size_t bins) {
  std::vector<double> edges;
  for (std::size_t i = 0; i <= bins; ++i)
    edges.push_back(static_cast<double>(i) / static_cast<double>(bins));
  return ReliabilityDiagram(std::move(edges));
}

ReliabilityDiagram ReliabilityDiagram::of_members(std::size_t members) {
  std::vector<double> edges{0.0};
  for (std::size_t i = 0; i < members; ++i)
    edges.push_back((static_cast<double>(i) + 0.5) / static_cast<double>(members));
  edges.push_back(1.0);
  return ReliabilityDiagram(std::move(edges));
}

void ReliabilityDiagram::add(double probability, double outcome, double weight) {
  if (std::isnan(probability) || std::isnan(outcome)) return;
  if (probability < -kRounding || probability > 1.0 + kRounding)
    fail("a probability of {} cannot be verified: it must be from 0 to 1", probability);
  const auto above = std::upper_bound(edges_.begin() + 1, edges_.end() - 1, probability);
  ReliabilityBin& bin = bins_[static_cast<std::size_t>(above - edges_.begin()) - 1];
  bin.weight += weight;
  bin.probability += weight * probability;
  bin.outcome += weight * outcome;
  ++bin.count;
  squared_error_ += weight * square(probability - outcome);
}

void ReliabilityDiagram::merge(const ReliabilityDiagram& other) {
  for (std::size_t i = 0; i < bins_.size(); ++i) {
    bins_[i].weight += other.bins_[i].weight;
    bins_[i].probability += other.bins_[i].probability;
    bins_[i].outcome += other.bins_[i].outcome;
    bins_[i].count += other.bins_[i].count;
  }
  squared_error_ += other.squared_error_;
}

BrierParts ReliabilityDiagram::parts() const {
  double weight = 0.0, outcome = 0.0;
  for (const auto& bin : bins_) {
    weight += bin.weight;
    outcome += bin.outcome;
  }
  if (!(weight > 0.0))
    return {kMissingScore, kMissingScore, kMissingScore, kMissingScore, kMissingScore};
  const double base_rate = outcome / weight;
  BrierParts parts;
  parts.brier = squared_error_ / weight;
  parts.uncertainty = base_rate * (1.0 - base_rate);
  for (const auto& bin : bins_) {
    if (!(bin.weight > 0.0)) continue;
    const double frequency = bin.outcome / bin.weight;
    parts.reliability += bin.weight * square(bin.probability / bin.weight - frequency) / weight;
    parts.resolution += bin.weight * square(frequency - base_rate) / weight;
  }
  parts.within = parts.brier - (parts.reliability - parts.resolution + parts.uncertainty);
  return parts;
}

}  // namespace ladcast
