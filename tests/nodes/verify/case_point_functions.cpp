#include <algorithm>
#include <cmath>

#include "graph/error.h"
#include "nodes/values/regrid.h"
#include "nodes/verify/angular_difference.h"
#include "nodes/verify/contingency.h"
#include "nodes/verify/crps.h"
#include "nodes/verify/extremes.h"
#include "nodes/verify/isotonic_regression.h"
#include "nodes/verify/latitude_weights.h"
#include "nodes/verify/missing.h"
#include "nodes/verify/point_statistics.h"
#include "nodes/verify/probability_scores.h"
#include "nodes/verify/rank_histogram.h"
#include "nodes/verify/roc.h"
#include "nodes/verify/seeps.h"
#include "tests/nodes/verify/case_functions.h"

namespace ladcast {
namespace {

// What `name` stands for among the values that the case may give.
template <class Value>
Value choice(const std::string& name, const std::map<std::string, Value>& values) {
  const auto found = values.find(name);
  if (found == values.end()) fail("'{}' is not known", name);
  return found->second;
}

CrpsEstimator crps_estimator(CaseArguments& arguments) {
  return choice<CrpsEstimator>(arguments.text_or("estimator", "ecdf"),
                               {{"ecdf", CrpsEstimator::ecdf}, {"fair", CrpsEstimator::fair}});
}

EnsembleEstimator ensemble_estimator(CaseArguments& arguments) {
  return arguments.flag_or("fair", false) ? EnsembleEstimator::fair : EnsembleEstimator::plain;
}

Comparison comparison(CaseArguments& arguments, const std::string& name,
                      const std::string& otherwise) {
  return choice<Comparison>(arguments.text_or(name, otherwise), {{">", Comparison::above},
                                                                 {">=", Comparison::at_least},
                                                                 {"<", Comparison::below},
                                                                 {"<=", Comparison::at_most}});
}

Json crps_case(CaseArguments& arguments) {
  const auto estimator = crps_estimator(arguments);
  const Array members = arguments.ensemble(), observed = arguments.array("obs");
  if (!arguments.has("weights") || arguments.json("weights").is_null())
    return to_json(map_ensemble(members, observed, [&](auto at_point, double truth) {
      return crps(at_point, truth, estimator);
    }));
  Array weights = arguments.array("weights");
  if (weights.rank() == 0) weights.shape = {1};
  if (weights.rank() == arguments.array("ens").rank() && weights.rank() > 1)
    weights = with_axis_last(weights,
                             static_cast<std::ptrdiff_t>(arguments.number_or("member_axis", -1.0)));
  return to_json(
      map_points({{members, 1}, {weights, 1}, {observed, 0}}, [&](const std::vector<Array>& parts) {
        if (parts[0].values.size() != parts[1].values.size())
          fail("{} members have {} weights", parts[0].values.size(), parts[1].values.size());
        return scalar(
            weighted_crps(parts[0].values, parts[1].values, parts[2].values[0], estimator));
      }));
}

Json crps_penalty(CaseArguments& arguments) {
  using Penalty = double (*)(std::span<const double>, double);
  const auto penalty = choice<Penalty>(
      arguments.text("side"), {{"over", crps_overforecast}, {"under", crps_underforecast}});
  return to_json(map_ensemble(arguments.ensemble(), arguments.array("obs"), penalty));
}

// Limits may be fields.
Json twcrps(CaseArguments& arguments) {
  const auto estimator = crps_estimator(arguments);
  const auto limit = [&](const char* name, double none) {
    return arguments.has(name) && !arguments.json(name).is_null() ? arguments.array(name)
                                                                  : scalar(none);
  };
  const Array lower = limit("lower", -kNoLimit), upper = limit("upper", kNoLimit);
  return to_json(map_points(
      {{arguments.ensemble(), 1}, {arguments.array("obs"), 0}, {lower, 0}, {upper, 0}},
      [&](const std::vector<Array>& parts) {
        return scalar(threshold_weighted_crps(parts[0].values, parts[1].values[0],
                                              {parts[2].values[0], parts[3].values[0]}, estimator));
      }));
}

Json crps_gaussian(CaseArguments& arguments) {
  return to_json(
      map_numbers({arguments.array("mu"), arguments.array("sigma"), arguments.array("obs")},
                  [](auto at) { return gaussian_crps(at[0], at[1], at[2]); }));
}

Json gaussian_brier(CaseArguments& arguments) {
  return to_json(
      map_numbers({arguments.array("mu"), arguments.array("sigma"), arguments.array("obs"),
                   arguments.array("threshold")},
                  [](auto at) { return gaussian_brier_score(at[0], at[1], at[2], at[3]); }));
}

// Levels or thresholds of a list make the last axis of the result; one number makes none.
Array for_each_level(const Array& levels, const std::function<double(double)>& function) {
  Array result = levels;
  std::transform(levels.values.begin(), levels.values.end(), result.values.begin(), function);
  return result;
}

std::size_t level_axes(const Array& levels) { return std::min<std::size_t>(levels.rank(), 1); }

Json quantile_score_case(CaseArguments& arguments) {
  const Array tau = arguments.array("tau");
  const double scale = arguments.number_or("scale", 1.0);
  return to_json(map_points(
      {{arguments.ensemble(), 1}, {arguments.array("obs"), 0}, {tau, level_axes(tau)}},
      [&](const std::vector<Array>& parts) {
        return for_each_level(parts[2], [&](double level) {
          return scale *
                 quantile_score(sample_quantile(parts[0].values, level), parts[1].values[0], level);
        });
      }));
}

Json brier(CaseArguments& arguments) {
  return to_json(map_numbers({arguments.array("p"), arguments.array("obs")},
                             [](auto at) { return brier_score(at[0], at[1]); }));
}

Json log_score_case(CaseArguments& arguments) {
  return to_json(map_numbers({arguments.array("p"), arguments.array("obs")},
                             [](auto at) { return log_score(at[0], at[1]); }));
}

Json brier_ensemble(CaseArguments& arguments) {
  const auto event = comparison(arguments, "event", ">");
  const auto estimator = ensemble_estimator(arguments);
  const Array thresholds = arguments.array("thresholds");
  return to_json(map_points({{arguments.ensemble(), 1},
                             {arguments.array("obs"), 0},
                             {thresholds, level_axes(thresholds)}},
                            [&](const std::vector<Array>& parts) {
                              return for_each_level(parts[2], [&](double threshold) {
                                return brier_score(parts[0].values, parts[1].values[0], event,
                                                   threshold, estimator);
                              });
                            }));
}

Json rps(CaseArguments& arguments) {
  return to_json(map_points(
      {{arguments.array("p"), 1}, {arguments.array("obs"), 1}},
      [](const std::vector<Array>& parts) {
        if (parts[0].shape != parts[1].shape)
          fail("{} probabilities have {} outcomes", parts[0].values.size(), parts[1].values.size());
        return scalar(ranked_probability_score(parts[0].values, parts[1].values));
      }));
}

Json rps_ensemble(CaseArguments& arguments) {
  const auto cdf = comparison(arguments, "cdf", "<=");
  const auto estimator = ensemble_estimator(arguments);
  return to_json(map_points(
      {{arguments.ensemble(), 1}, {arguments.array("obs"), 0}, {arguments.array("bins"), 1}},
      [&](const std::vector<Array>& parts) {
        return scalar(ranked_probability_score(parts[0].values, parts[1].values[0], cdf,
                                               parts[2].values, estimator));
      }));
}

std::size_t class_of(const std::string& name) {
  return choice<std::size_t>(name, {{"dry", 0}, {"light", 1}, {"heavy", 2}});
}

Json seeps_matrix_case(CaseArguments& arguments) {
  const bool one = arguments.has("forecast") || arguments.has("observed");
  const std::size_t row = one ? class_of(arguments.text("forecast")) : 0;
  const std::size_t column = one ? class_of(arguments.text("observed")) : 0;
  return to_json(map_points({{arguments.array("p1"), 0}}, [&](const std::vector<Array>& parts) {
    const auto matrix = seeps_matrix(parts[0].values[0]);
    if (one) return scalar(matrix[row][column]);
    Array whole{{3, 3}, {}};
    for (const auto& errors : matrix)
      whole.values.insert(whole.values.end(), errors.begin(), errors.end());
    return whole;
  }));
}

Json central_reliability_case(CaseArguments& arguments) {
  return to_json(map_points({{arguments.array("hist"), 1}}, [](const std::vector<Array>& parts) {
    const auto [mass, expected] = central_reliability(parts[0].values);
    Array both{{2, mass.size()}, mass};
    both.values.insert(both.values.end(), expected.begin(), expected.end());
    return both;
  }));
}

Json area_weights(CaseArguments& arguments) {
  const auto latitude = arguments.array("lat").values;
  using enum LatitudeWeighting;
  const auto weighting = choice<LatitudeWeighting>(arguments.text("convention"),
                                                   {{"wb2", wb2},
                                                    {"wb2_area", wb2},
                                                    {"area", area},
                                                    {"wbx", area},
                                                    {"weatherbenchX", area},
                                                    {"weatherbenchX_area", area},
                                                    {"cos", LatitudeWeighting::cos},
                                                    {"ladcast", LatitudeWeighting::cos}});
  return to_json(vector_of(latitude_weights(latitude, weighting)));
}

Json conservative_weights(CaseArguments& arguments) {
  using Overlap =
      std::vector<LineWeights> (*)(std::span<const double> from, std::span<const double> to);
  const auto overlap = choice<Overlap>(
      arguments.text("axis"), {{"longitude", overlap_on_circle}, {"latitude", overlap_of_rows}});
  const auto from = arguments.array("src").values, to = arguments.array("tgt").values;
  Array matrix{{to.size(), from.size()}, std::vector<double>(to.size() * from.size())};
  const auto lines = overlap(from, to);
  for (std::size_t row = 0; row < lines.size(); ++row)
    for (std::size_t i = 0; i < lines[row].index.size(); ++i)
      matrix.values[row * from.size() + lines[row].index[i]] = lines[row].weight[i];
  return to_json(matrix);
}

Json isotonic_regression_case(CaseArguments& arguments) {
  const auto values = arguments.array("y").values;
  const bool weighted = arguments.has("w") && !arguments.json("w").is_null();
  const auto weights = weighted ? arguments.array("w").values : std::vector<double>();
  return to_json(vector_of(isotonic_regression(values, weights)));
}

RocCurve roc_of(CaseArguments& arguments) {
  const bool given = arguments.has("thresholds") && arguments.json("thresholds").is_array();
  if (!given && arguments.has("thresholds") && arguments.text_or("thresholds", "auto") != "auto")
    fail("'thresholds' are neither numbers nor auto");
  const Array forecast = arguments.array("f"), observed = arguments.array("o");
  if (forecast.shape != observed.shape) fail("'f' and 'o' have different shapes");
  return roc_curve(forecast.values, observed.values,
                   given ? arguments.array("thresholds").values : std::vector<double>());
}

Json roc(CaseArguments& arguments) {
  const RocCurve curve = roc_of(arguments);
  Array both{{2, curve.pod.size()}, curve.pod};
  both.values.insert(both.values.end(), curve.pofd.begin(), curve.pofd.end());
  return to_json(both);
}

Json roc_area(CaseArguments& arguments) { return to_json(scalar(roc_of(arguments).area())); }

Json angular_difference_case(CaseArguments& arguments) {
  return to_json(map_numbers({arguments.array("f"), arguments.array("o")},
                             [](auto at) { return angular_difference(at[0], at[1]); }));
}

// Every score by name, or the one or those of the parameter `score`.
Json contingency(CaseArguments& arguments) {
  Json all = Json::object();
  const std::vector<Array> table{arguments.array("H"), arguments.array("M"), arguments.array("F"),
                                 arguments.array("C")};
  for (const auto& score : contingency_scores())
    all[std::string(score.name)] = to_json(map_numbers(table, [&](auto at) {
      return (ContingencyTable{at[0], at[1], at[2], at[3]}.*score.value)();
    }));
  if (!arguments.has("score")) return all;
  const auto one = [&](std::string name) {
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return all.at(name);
  };
  const Json& wanted = arguments.json("score");
  if (wanted.is_string()) return one(wanted.get<std::string>());
  Json chosen = Json::array();
  for (const auto& name : wanted) chosen.push_back(one(name.get<std::string>()));
  return chosen;
}

// The statistics of one point.
std::vector<Lane> truth_among(std::span<const double> members, double truth) {
  std::vector<float> values;
  for (const double member : members) values.push_back(static_cast<float>(member));
  std::vector<std::span<const float>> maps;
  for (const float& value : values) maps.emplace_back(&value, 1);
  const std::vector<float> map = {static_cast<float>(truth)};
  PointStatistics statistics(maps, map, {}, {.ranks = true});
  return statistics.at(0);
}

Json rank(CaseArguments& arguments) {
  return to_json(map_ensemble(arguments.ensemble(), arguments.array("obs"),
                              [](std::span<const double> members, double truth) {
                                return truth_among(members, truth)[kBelow][0];
                              }));
}

Json efi(CaseArguments& arguments) {
  const double eps = arguments.number_or("eps", 0.0);
  return to_json(map_points({{arguments.array("climatology"), 1}, {arguments.ensemble(), 1}},
                            [&](const std::vector<Array>& parts) {
                              return scalar(
                                  extreme_forecast_index(parts[0].values, parts[1].values, eps));
                            }));
}

Json sot(CaseArguments& arguments) {
  const double eps = arguments.number_or("eps", 0.0);
  const Array percentile = arguments.array("percentile");
  return to_json(map_points({{arguments.array("climatology"), 1},
                             {arguments.ensemble(), 1},
                             {percentile, level_axes(percentile)}},
                            [&](const std::vector<Array>& parts) {
                              return for_each_level(parts[2], [&](double percent) {
                                return shift_of_tails(parts[0].values, parts[1].values,
                                                      static_cast<int>(percent), eps);
                              });
                            }));
}

}  // namespace

EvaluatorTable point_functions() {
  return {{"angular_difference", angular_difference_case},
          {"area_weights", area_weights},
          {"brier", brier},
          {"brier_ensemble", brier_ensemble},
          {"central_reliability", central_reliability_case},
          {"conservative_weights", conservative_weights},
          {"contingency", contingency},
          {"crps", crps_case},
          {"crps_gaussian", crps_gaussian},
          {"crps_penalty", crps_penalty},
          {"efi", efi},
          {"gaussian_brier", gaussian_brier},
          {"isotonic_regression", isotonic_regression_case},
          {"log_score", log_score_case},
          {"quantile_score", quantile_score_case},
          {"rank", rank},
          {"roc", roc},
          {"roc_area", roc_area},
          {"rps", rps},
          {"rps_ensemble", rps_ensemble},
          {"seeps_matrix", seeps_matrix_case},
          {"sot", sot},
          {"twcrps", twcrps}};
}

}  // namespace ladcast
