#include "nodes/values/scores.h"

#include <algorithm>
#include <cmath>
#include <memory>

namespace ladcast {
namespace {

bool same_map(const ScoreRow& a, const ScoreRow& b) {
  return a.init == b.init && a.lead_hours == b.lead_hours && a.forecast == b.forecast &&
         a.region == b.region && a.channel == b.channel;
}

ScoreRow renamed(ScoreRow row, const char* score, double value) {
  row.score = score;
  row.value = value;
  return row;
}

}  // namespace

std::vector<ArrayView> PayloadTraits<Scores>::arrays(const Scores& scores) {
  auto values = std::make_shared<std::vector<float>>();
  for (const auto& row : scores.rows) values->push_back(static_cast<float>(row.value));
  return {{"value", {values->size()}, *values, values}};
}

std::vector<ScoreRow> with_roots(const std::vector<ScoreRow>& rows) {
  std::vector<ScoreRow> result;
  const ScoreRow* mse = nullptr;
  for (const auto& row : rows) {
    if (row.score == "mse") {
      mse = &row;
      result.push_back(renamed(row, "rmse", std::sqrt(row.value)));
    } else if (row.score == "variance") {
      result.push_back(renamed(row, "spread", std::sqrt(row.value)));
    } else if (row.score != "expected_mse") {
      result.push_back(row);
    } else if (mse != nullptr && same_map(*mse, row)) {
      result.push_back(renamed(row, "spread_skill", std::sqrt(row.value / mse->value)));
    }
  }
  return result;
}

void MeanScores::add(const ScoreRow& row) {
  const Name name{
      row.lead_hours, row.forecast, row.region, row.channel.name, row.channel.level.value_or(0),
      row.score};
  const auto [place, is_new] = index_.try_emplace(name, sums_.size());
  if (is_new) {
    sums_.push_back({{}, row.lead_hours, row.forecast, row.region, row.channel, row.score});
  }
  if (std::isnan(row.value)) return;
  ScoreRow& sum = sums_[place->second];
  sum.value += row.value;
  sum.weight += row.weight;
  ++sum.count;
}

std::vector<ScoreRow> MeanScores::rows() const {
  std::vector<ScoreRow> means;
  for (const auto& sum : sums_) {
    if (sum.count == 0) continue;
    means.push_back(sum);
    means.back().value /= static_cast<double>(sum.count);
    means.back().weight /= static_cast<double>(sum.count);
  }
  std::stable_sort(means.begin(), means.end(), [](const ScoreRow& a, const ScoreRow& b) {
    return a.lead_hours < b.lead_hours;
  });
  return means;
}

}  // namespace ladcast
