#include "nodes/report/score_series.h"

#include <cmath>
#include <set>

#include "graph/error.h"
#include "nodes/verify/published_scores.h"

namespace ladcast {

ScoreSeries::Name ScoreSeries::name_of(const ScoreRow& row) {
  return {row.forecast, row.region, row.channel.name, row.channel.level.value_or(0),
          row.score,    row.event,  row.bin};
}

void ScoreSeries::add(int item, const std::vector<ScoreRow>& rows) {
  std::set<Name> seen;
  for (const auto& row : rows) {
    if (!seen.insert(name_of(row)).second)
      fail("two inputs hold the {} of '{}' for {}; set 'name' of one of their forecasts", row.score,
           row.forecast, to_string(row.channel));
    means_.add(row);
    if (std::isnan(row.value) || !with_intervals_(row)) continue;
    auto& samples = samples_[row.lead_hours];
    const auto [place, is_new] = index_[row.lead_hours].try_emplace(name_of(row), samples.size());
    if (is_new) {
      samples.push_back({row, {}});
      samples.back().row.init.reset();
    }
    samples[place->second].items[item] = row.value;
  }
}

std::map<ScoreSeries::Name, double> ScoreSeries::standard_errors(
    const std::vector<Sample>& samples) const {
  std::set<int> items;
  std::vector<double> sums;
  for (const auto& sample : samples) {
    double sum = 0;
    for (const auto& [item, value] : sample.items) {
      items.insert(item);
      sum += value;
    }
    sums.push_back(sum);
  }
  std::map<Name, std::vector<double>> without;  // values with one initial time left out
  for (const int left_out : items) {
    std::vector<ScoreRow> rows;
    for (std::size_t i = 0; i < samples.size(); ++i) {
      const auto& values = samples[i].items;
      const auto value = values.find(left_out);
      if (value == values.end() || values.size() < 2) continue;
      rows.push_back(samples[i].row);
      rows.back().value = (sums[i] - value->second) / static_cast<double>(values.size() - 1);
    }
    for (const auto& row : published_scores(rows)) without[name_of(row)].push_back(row.value);
  }
  std::map<Name, double> errors;
  for (const auto& [name, values] : without) {
    const auto n = static_cast<double>(values.size());
    double mean = 0, squares = 0;
    for (const double value : values) mean += value / n;
    for (const double value : values) squares += (value - mean) * (value - mean);
    if (n > 1) errors[name] = std::sqrt((n - 1) / n * squares);
  }
  return errors;
}

std::vector<SeriesPoint> ScoreSeries::points() const {
  std::vector<SeriesPoint> points;
  for (const int lead : leads()) {
    std::map<Name, double> errors;
    if (const auto samples = samples_.find(lead); samples != samples_.end())
      errors = standard_errors(samples->second);
    for (const auto& row : published_scores(means_.rows(lead))) {
      SeriesPoint point{row};
      if (const auto error = errors.find(name_of(row)); error != errors.end()) {
        point.low = row.value - 1.96 * error->second;
        point.high = row.value + 1.96 * error->second;
      }
      points.push_back(std::move(point));
    }
  }
  return points;
}

}  // namespace ladcast
