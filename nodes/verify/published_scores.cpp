#include "nodes/verify/published_scores.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <span>

#include "nodes/verify/contingency.h"
#include "nodes/verify/fractions_skill.h"
#include "nodes/verify/rank_histogram.h"
#include "nodes/verify/reliability.h"
#include "nodes/verify/roc.h"

namespace ladcast {
namespace {

bool same_map(const ScoreRow& a, const ScoreRow& b) {
  return a.init == b.init && a.lead_hours == b.lead_hours && a.forecast == b.forecast &&
         a.region == b.region && a.channel == b.channel;
}

ScoreRow renamed(ScoreRow row, std::string_view score, double value) {
  row.score = score;
  row.value = value;
  return row;
}

const ScoreRow* find(std::span<const ScoreRow> map, std::string_view score) {
  const auto row = std::find_if(map.begin(), map.end(),
                                [&](const ScoreRow& each) { return each.score == score; });
  return row == map.end() ? nullptr : &*row;
}

// Shares of all points, by forecast probability, of one event.
struct Shares {
  double forecast = 0.0, observed = 0.0;
};
using Diagram = std::map<double, Shares>;

ReliabilityDiagram reliability_of(const Diagram& diagram) {
  std::vector<double> edges = {0.0};
  for (auto at = diagram.begin(); std::next(at) != diagram.end(); ++at)
    edges.push_back(0.5 * (at->first + std::next(at)->first));
  edges.push_back(1.0);
  ReliabilityDiagram reliability(std::move(edges));
  for (const auto& [p, share] : diagram) {
    reliability.add(p, 1.0, share.observed);
    reliability.add(p, 0.0, share.forecast - share.observed);
  }
  return reliability;
}

// Each probability that occurs is a threshold.
RocCurve roc_of(const Diagram& diagram) {
  ContingencyTable warned;  // from no case at all, p >= infinity, down to all
  for (const auto& [p, share] : diagram) {
    warned.misses += share.observed;
    warned.correct_negatives += share.forecast - share.observed;
  }
  RocCurve curve{{std::numeric_limits<double>::infinity()}, {warned.pod()}, {warned.pofd()}};
  for (auto at = diagram.rbegin(); at != diagram.rend(); ++at) {
    const double others = at->second.forecast - at->second.observed;
    warned.hits += at->second.observed;
    warned.misses -= at->second.observed;
    warned.false_alarms += others;
    warned.correct_negatives -= others;
    curve.thresholds.push_back(at->first);
    curve.pod.push_back(warned.pod());
    curve.pofd.push_back(warned.pofd());
  }
  std::reverse(curve.thresholds.begin(), curve.thresholds.end());
  std::reverse(curve.pod.begin(), curve.pod.end());
  std::reverse(curve.pofd.begin(), curve.pofd.end());
  return curve;
}

ContingencyTable table_of(const Diagram& diagram) {
  ContingencyTable table;
  for (const auto& [p, share] : diagram) {
    (p >= 0.5 ? table.hits : table.misses) += share.observed;
    (p >= 0.5 ? table.false_alarms : table.correct_negatives) += share.forecast - share.observed;
  }
  return table;
}

// "bias" of a table is not that of the values.
std::string_view name_of(const ContingencyScore& score) {
  return score.name == "bias" ? "frequency_bias" : score.name;
}

// -log p of what was observed; infinite where it was said to be impossible.
double ignorance_of(const Diagram& diagram) {
  double sum = 0.0;
  for (const auto& [p, share] : diagram) {
    const double others = share.forecast - share.observed;
    if (share.observed > 0.0) sum -= share.observed * std::log(p);
    if (others > 0.0) sum -= others * std::log(1.0 - p);
  }
  return sum;
}

// The Brier scores of all events above a threshold together, where there are two or more.
void append_ranked(std::vector<ScoreRow>& rows, std::span<const ScoreRow> map) {
  for (const auto& [brier, ranked] : {std::pair{"brier", "rps"}, {"brier_fair", "rps_fair"}}) {
    std::optional<ScoreRow> sum;
    int events = 0;
    for (const ScoreRow& row : map) {
      if (row.score != brier || !row.event.starts_with('>')) continue;
      if (!sum) sum = renamed(row, ranked, 0.0);
      sum->value += row.value;
      ++events;
    }
    if (events < 2) continue;
    sum->event.clear();
    rows.push_back(*sum);
  }
}

// `like`: any row of the event.
void append_event(std::vector<ScoreRow>& rows, ScoreRow like, const Diagram& diagram) {
  like.bin.reset();
  const BrierParts parts = reliability_of(diagram).parts();
  rows.push_back(renamed(like, "brier_reliability", parts.reliability));
  rows.push_back(renamed(like, "brier_resolution", parts.resolution));
  rows.push_back(renamed(like, "brier_uncertainty", parts.uncertainty));
  rows.push_back(renamed(like, "brier_skill", parts.skill()));
  rows.push_back(renamed(like, "roc_area", roc_of(diagram).area()));
  rows.push_back(renamed(like, "ignorance", ignorance_of(diagram)));
  const ContingencyTable table = table_of(diagram);
  for (const ContingencyScore& each : contingency_scores())
    rows.push_back(renamed(like, name_of(each), (table.*each.value)()));
}

// What a histogram with all its bins says of reliability.
void append_flatness(std::vector<ScoreRow>& rows, std::span<const ScoreRow> map) {
  const auto histogram = [&](std::string_view score) {
    std::pair<const ScoreRow*, std::vector<double>> found{nullptr, {}};
    for (const ScoreRow& row : map)
      if (row.score == score) {
        found.first = &row;
        found.second.push_back(row.value);
      }
    return found;
  };
  if (const auto& [any, ranks] = histogram("rank_histogram"); any != nullptr) {
    ScoreRow like = *any;
    like.bin.reset();
    const Flatness flat = flatness(ranks);
    rows.push_back(renamed(like, "rank_reliability_index", flat.reliability_index));
    rows.push_back(renamed(like, "rank_outliers", flat.outliers));
    rows.push_back(renamed(like, "rank_entropy", flat.entropy));
    const CentralReliability central = central_reliability(ranks);
    for (std::size_t i = 0; i < central.mass.size(); ++i) {
      like.bin = central.expected[i];
      rows.push_back(renamed(like, "central_share", central.mass[i]));
    }
  }
  if (const auto& [any, tenths] = histogram("pit_histogram"); any != nullptr) {
    ScoreRow like = *any;
    like.bin.reset();
    rows.push_back(renamed(like, "pit_reliability_index", flatness(tenths).reliability_index));
  }
}

// Fractions skill by event and width of the neighbourhood.
void append_fractions(std::vector<ScoreRow>& rows, std::span<const ScoreRow> map) {
  for (const ScoreRow& error : map) {
    if (error.score != "fbs") continue;
    const auto reference = std::find_if(map.begin(), map.end(), [&](const ScoreRow& row) {
      return row.score == "fbs_reference" && row.event == error.event && row.bin == error.bin;
    });
    if (reference != map.end())
      rows.push_back(renamed(error, "fss", FractionsSkill{error.value, reference->value}.value()));
  }
}

void append_map(std::vector<ScoreRow>& result, std::span<const ScoreRow> map) {
  const ScoreRow* const mse = find(map, "mse");
  const ScoreRow* const variance = find(map, "variance");
  std::map<std::string, std::pair<const ScoreRow*, Diagram>> events;
  for (const ScoreRow& row : map) {
    if (row.score == "mse") {
      result.push_back(renamed(row, "rmse", std::sqrt(row.value)));
    } else if (row.score == "variance") {
      result.push_back(renamed(row, "spread", std::sqrt(row.value)));
    } else if (row.score == "expected_mse") {
      if (mse != nullptr)
        result.push_back(renamed(row, "spread_skill", std::sqrt(row.value / mse->value)));
    } else if (row.score == "debiased_mse") {
      result.push_back(row);
      if (variance != nullptr)
        result.push_back(
            renamed(row, "spread_skill_debiased", std::sqrt(variance->value / row.value)));
    } else if (row.score == "forecast_share") {
      result.push_back(row);
      events[row.event].second[*row.bin].forecast = row.value;
    } else if (row.score == "observed_share") {
      auto& [like, diagram] = events[row.event];
      like = &row;
      Shares& shares = diagram[*row.bin];
      shares.observed = row.value;
      result.push_back(renamed(row, "observed_frequency", row.value / shares.forecast));
    } else {
      result.push_back(row);
    }
  }
  for (const auto& [event, shares] : events)
    if (shares.first != nullptr) append_event(result, *shares.first, shares.second);
  append_ranked(result, map);
  append_flatness(result, map);
  append_fractions(result, map);
}

// Formed of a diagram or a histogram, or of two statistics.
bool is_derived(std::string_view score) {
  const auto scores = contingency_scores();
  constexpr std::array kOthers = {"spread_skill_debiased",
                                  "roc_area",
                                  "ignorance",
                                  "rps",
                                  "rps_fair",
                                  "rank_reliability_index",
                                  "rank_outliers",
                                  "rank_entropy",
                                  "central_share",
                                  "pit_reliability_index",
                                  "fss"};
  return std::find(kOthers.begin(), kOthers.end(), score) != kOthers.end() ||
         (score.starts_with("brier_") && score != "brier_fair") ||
         std::any_of(scores.begin(), scores.end(),
                     [&](const ContingencyScore& each) { return name_of(each) == score; });
}

void append_statistics(std::vector<ScoreRow>& result, std::span<const ScoreRow> map) {
  const auto square = [](double value) { return value * value; };
  const ScoreRow* const rmse = find(map, "rmse");
  std::map<std::pair<std::string, double>, double> forecast_shares;
  for (const ScoreRow& row : map) {
    if (row.score == "forecast_share") forecast_shares[{row.event, *row.bin}] = row.value;
    if (row.score == "rmse") {
      result.push_back(renamed(row, "mse", square(row.value)));
    } else if (row.score == "spread") {
      result.push_back(renamed(row, "variance", square(row.value)));
    } else if (row.score == "spread_skill") {
      if (rmse != nullptr)
        result.push_back(renamed(row, "expected_mse", square(row.value * rmse->value)));
    } else if (row.score == "observed_frequency") {
      const double share = forecast_shares[{row.event, *row.bin}];
      result.push_back(renamed(row, "observed_share", share > 0.0 ? share * row.value : 0.0));
    } else if (!is_derived(row.score)) {
      result.push_back(row);
    }
  }
}

// `append` of each run of rows that are of one map.
template <typename Append>
std::vector<ScoreRow> map_by_map(const std::vector<ScoreRow>& rows, Append append) {
  std::vector<ScoreRow> result;
  for (std::size_t first = 0; first < rows.size();) {
    std::size_t last = first + 1;
    while (last < rows.size() && same_map(rows[first], rows[last])) ++last;
    append(result, std::span(rows).subspan(first, last - first));
    first = last;
  }
  return result;
}

}  // namespace

std::vector<ScoreRow> published_scores(const std::vector<ScoreRow>& rows) {
  return map_by_map(rows, append_map);
}

std::vector<ScoreRow> averageable_scores(const std::vector<ScoreRow>& rows) {
  return map_by_map(rows, append_statistics);
}

}  // namespace ladcast
