#include "nodes/verify/collected_scores.h"

#include <set>

#include "graph/error.h"

namespace ladcast {

std::vector<ScoreRow> joined(const std::vector<const Scores*>& inputs) {
  std::set<std::string> seen;
  std::vector<ScoreRow> rows;
  for (const Scores* each : inputs) {
    std::set<std::string> here;
    for (const auto& row : each->rows) here.insert(row.forecast);
    rows.insert(rows.end(), each->rows.begin(), each->rows.end());
    for (const auto& forecast : here) {
      if (!seen.insert(forecast).second)
        fail(
            "two inputs score the forecast '{}'; set 'name' of one of them, and give in.analysis "
            "and in.climatology to one only",
            forecast);
    }
  }
  return rows;
}

void CollectedScores::complete(int item) {
  items_[item].complete = true;
  for (; items_.contains(next_) && items_.at(next_).complete; ++next_) take(next_);
}

void CollectedScores::finish() {
  while (!items_.empty()) take(items_.begin()->first);
}

void CollectedScores::take(int item) {
  const auto& keys = items_.at(item).keys;
  take_(item, keys);
  for (const auto& rows : keys)
    for (const auto& row : rows) means_.add(row);
  items_.erase(item);
}

}  // namespace ladcast
