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

CollectedScores::CollectedScores(const std::function<void(int item, const Item&)>& take)
    : items_([this, take](int item, const Item& keys) {
        take(item, keys);
        for (const auto& rows : keys)
          for (const auto& row : rows) means_.add(row);
      }) {}

}  // namespace ladcast
