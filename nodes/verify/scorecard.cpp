#include "nodes/verify/scorecard.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <tuple>

#include "graph/error.h"

namespace ladcast {
namespace {

using Name =
    std::tuple<std::string, std::string, int, std::string, std::string, std::optional<double>>;
using Series = std::map<Time, double>;  // values by initial time, without NaN

// What cells at all leads share.
Name name_of(const ScoreRow& row) {
  return {row.region, row.channel.name, row.channel.level.value_or(0),
          row.score,  row.event,        row.bin};
}

Name rmse_beside(const ScoreRow& row) {
  ScoreRow rmse = row;
  rmse.score = "rmse";
  return name_of(rmse);
}

struct Run {
  std::vector<ScoreRow> names;  // in the order in which they come
  std::map<Name, std::map<int, Series>> series;

  Run(std::span<const ScoreRow> rows, const std::string& forecast, const char* which) {
    if (rows.empty()) fail("the {} has no scores: there was no truth for any lead", which);
    std::set<std::string> forecasts;
    std::size_t by_init = 0;
    for (const auto& row : rows) {
      forecasts.insert(row.forecast);
      if (row.forecast != forecast || !row.init) continue;
      ++by_init;
      auto& leads = series[name_of(row)];
      if (leads.empty()) names.push_back(row);
      auto& at_lead = leads[row.lead_hours];
      if (std::isnan(row.value)) continue;
      if (!at_lead.emplace(*row.init, row.value).second)
        fail("the {} has two rows of {} {} {} {} at init {}, lead {} h", which, row.forecast,
             row.region, to_string(row.channel), row.score, format_time(*row.init), row.lead_hours);
    }
    if (!forecasts.contains(forecast))
      fail("the {} has no rows of the forecast '{}', only of {}", which, forecast,
           fmt::join(forecasts, ", "));
    if (by_init == 0)
      fail("the {} has no rows by initial time: write it with each_init = true", which);
  }

  const Series* find(const Name& name, int lead_hours) const {
    const auto leads = series.find(name);
    if (leads == series.end()) return nullptr;
    const auto found = leads->second.find(lead_hours);
    return found == leads->second.end() ? nullptr : &found->second;
  }
};

double mean_of(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

// The score of all initial times together, and one value of each whose mean is that score.
struct Linear {
  double score = 0.0;
  std::vector<double> values;
};

// sqrt(E[numerator] / E[denominator]); without a denominator it is 1.
Linear root_of_means(std::span<const double> numerator, std::span<const double> denominator) {
  const double above = mean_of(numerator);
  const double below = denominator.empty() ? 1.0 : mean_of(denominator);
  Linear linear{std::sqrt(above / below), {}};
  for (std::size_t i = 0; i < numerator.size(); ++i) {
    const double up = above == 0.0 ? 0.0 : numerator[i] / above - 1.0;
    const double down = denominator.empty() ? 0.0 : denominator[i] / below - 1.0;
    linear.values.push_back(linear.score * (1.0 + (up - down) / 2));
  }
  return linear;
}

std::vector<double> squares(std::span<const double> values) {
  std::vector<double> result;
  for (const double value : values) result.push_back(value * value);
  return result;
}

Linear linear_score(const std::string& score, std::span<const double> values,
                    std::span<const double> rmse) {
  if (score == "rmse" || score == "spread") return root_of_means(squares(values), {});
  if (score == "spread_skill") {
    std::vector<double> expected;
    for (std::size_t i = 0; i < values.size(); ++i) expected.push_back(values[i] * rmse[i]);
    return root_of_means(squares(expected), squares(rmse));
  }
  return {mean_of(values), {values.begin(), values.end()}};
}

// The distance to the best value, where there is one.
void take_distance(Linear& linear, Goal goal) {
  if (goal != Goal::nearer_to_zero && goal != Goal::nearer_to_one) return;
  const double best = goal == Goal::nearer_to_one ? 1.0 : 0.0;
  const double sign = linear.score < best ? -1.0 : 1.0;
  linear.score = std::abs(linear.score - best);
  for (double& value : linear.values) value = sign * (value - best);
}

// Initial times that are missing in a series as even as the smallest step.
std::size_t gaps_in(const std::vector<Time>& inits) {
  if (inits.size() < 2) return 0;
  auto step = inits[1] - inits[0];
  for (std::size_t i = 2; i < inits.size(); ++i) step = std::min(step, inits[i] - inits[i - 1]);
  return static_cast<std::size_t>((inits.back() - inits.front()) / step) + 1 - inits.size();
}

ComparedScore cell_of(const ScoreRow& name, int lead_hours, const Run& run, const Run& reference) {
  const Name key = name_of(name);
  const Series& ours = *run.find(key, lead_hours);
  const Series& theirs = *reference.find(key, lead_hours);
  const bool needs_rmse = name.score == "spread_skill";
  const Series* const our_rmse = run.find(rmse_beside(name), lead_hours);
  const Series* const their_rmse = reference.find(rmse_beside(name), lead_hours);
  if (needs_rmse && (our_rmse == nullptr || their_rmse == nullptr))
    fail("the spread_skill of {} in {} at {} h stands without its rmse; write both",
         to_string(name.channel), name.region, lead_hours);
  std::vector<Time> inits;
  std::vector<double> values[2], rmse[2];
  for (const auto& [init, value] : ours) {
    const auto other = theirs.find(init);
    if (other == theirs.end()) continue;
    if (needs_rmse && !(our_rmse->contains(init) && their_rmse->contains(init))) continue;
    inits.push_back(init);
    values[0].push_back(value);
    values[1].push_back(other->second);
    if (!needs_rmse) continue;
    rmse[0].push_back(our_rmse->at(init));
    rmse[1].push_back(their_rmse->at(init));
  }
  ComparedScore cell;
  cell.name = name;
  cell.goal = *goal_of(name.score);
  cell.name.init.reset();
  cell.name.lead_hours = lead_hours;
  Linear a = linear_score(name.score, values[0], rmse[0]);
  Linear b = linear_score(name.score, values[1], rmse[1]);
  cell.run = a.score;
  cell.reference = b.score;
  take_distance(a, cell.goal);
  take_distance(b, cell.goal);
  cell.difference = a.score - b.score;
  cell.relative = cell.difference / std::abs(b.score);
  std::vector<double> differences;
  for (std::size_t i = 0; i < inits.size(); ++i) differences.push_back(a.values[i] - b.values[i]);
  cell.iid = iid_test(differences);
  cell.geer = geer_test(differences);
  cell.ewc = ewc_test(differences);
  cell.unpaired = ours.size() + theirs.size() - 2 * inits.size();
  cell.gaps = gaps_in(inits);
  return cell;
}

Judgement judgement_of(const ComparedScore& cell) {
  constexpr std::size_t kFewest = 4;  // for a correlation at two steps
  constexpr double kFewestDof = 2.0;  // of EWC; with one it hardly ever rejects
  if (cell.geer.count < kFewest || cell.ewc.dof < kFewestDof) return Judgement::too_few;
  if (!cell.geer_significant || !cell.ewc_significant) return Judgement::no_difference;
  const bool larger = cell.geer.mean > 0.0;
  if (cell.goal == Goal::none) return larger ? Judgement::larger : Judgement::smaller;
  return larger == (cell.goal == Goal::higher) ? Judgement::better : Judgement::worse;
}

std::vector<bool> significant(const std::vector<ComparedScore>& cells,
                              MeanTest ComparedScore::*test, double alpha) {
  std::vector<double> p;
  for (const auto& cell : cells) p.push_back((cell.*test).p);
  return false_discovery_rate(p, alpha);
}

}  // namespace

std::optional<Goal> goal_of(std::string_view score) {
  static const std::map<std::string_view, Goal> kGoals{{"rmse", Goal::lower},
                                                       {"mae", Goal::lower},
                                                       {"crps_fair", Goal::lower},
                                                       {"crps_ecdf", Goal::lower},
                                                       {"crps_skill", Goal::lower},
                                                       {"crps_under", Goal::lower},
                                                       {"crps_over", Goal::lower},
                                                       {"twcrps_fair", Goal::lower},
                                                       {"brier", Goal::lower},
                                                       {"brier_fair", Goal::lower},
                                                       {"rps", Goal::lower},
                                                       {"rps_fair", Goal::lower},
                                                       {"quantile_score", Goal::lower},
                                                       {"energy_fair", Goal::lower},
                                                       {"variogram", Goal::lower},
                                                       {"ignorance", Goal::lower},
                                                       {"error_spread", Goal::lower},
                                                       {"dawid_sebastiani", Goal::lower},
                                                       {"seeps", Goal::lower},
                                                       {"acc", Goal::higher},
                                                       {"acc_centred", Goal::higher},
                                                       {"fss", Goal::higher},
                                                       {"bias", Goal::nearer_to_zero},
                                                       {"spread_skill", Goal::nearer_to_one},
                                                       {"spread", Goal::none},
                                                       {"crps_spread", Goal::none}};
  const auto found = kGoals.find(score);
  if (found == kGoals.end()) return {};
  return found->second;
}

std::string_view to_string(Judgement judgement) {
  switch (judgement) {
    case Judgement::better:
      return "better";
    case Judgement::worse:
      return "worse";
    case Judgement::larger:
      return "larger";
    case Judgement::smaller:
      return "smaller";
    case Judgement::no_difference:
      return "not significant";
    case Judgement::too_few:
      return "too few";
  }
  return "";
}

RunComparison compare_runs(std::span<const ScoreRow> run_rows,
                           std::span<const ScoreRow> reference_rows,
                           const ComparisonSettings& settings) {
  const Run run(run_rows, settings.run_forecast, "run");
  const Run reference(reference_rows, settings.reference_forecast, "reference");
  RunComparison comparison{settings, {}, {}, 0};
  std::set<std::string> left_out;
  std::size_t in_reference = 0;
  for (const auto& name : reference.names)
    if (goal_of(name.score)) in_reference += reference.series.at(name_of(name)).size();
  for (const auto& name : run.names) {
    if (!goal_of(name.score)) {
      if (reference.series.contains(name_of(name))) left_out.insert(name.score);
      continue;
    }
    for (const auto& [lead_hours, values] : run.series.at(name_of(name))) {
      if (reference.find(name_of(name), lead_hours) == nullptr) {
        ++comparison.only_in_one;
      } else {
        comparison.cells.push_back(cell_of(name, lead_hours, run, reference));
        --in_reference;
      }
    }
  }
  comparison.only_in_one += in_reference;
  comparison.left_out.assign(left_out.begin(), left_out.end());
  if (comparison.cells.empty())
    fail("the two runs have no score of the same region, variable, level and lead in common");
  const auto geer = significant(comparison.cells, &ComparedScore::geer, 2.0 * settings.alpha);
  const auto ewc = significant(comparison.cells, &ComparedScore::ewc, 2.0 * settings.alpha);
  for (std::size_t i = 0; i < comparison.cells.size(); ++i) {
    ComparedScore& cell = comparison.cells[i];
    cell.geer_significant = geer[i];
    cell.ewc_significant = ewc[i];
    cell.judgement = judgement_of(cell);
  }
  return comparison;
}

}  // namespace ladcast
