#include "graph/error.h"
#include "nodes/verify/multivariate_scores.h"
#include "nodes/verify/significance.h"
#include "tests/nodes/verify/case_functions.h"

namespace ladcast {
namespace {

std::size_t whole(double number) {
  if (!(number >= 0.0) || number != static_cast<double>(static_cast<std::size_t>(number)))
    fail("{} is no count", number);
  return static_cast<std::size_t>(number);
}

Json diebold_mariano_case(CaseArguments& arguments) {
  return to_json(map_points(
      {{arguments.array("d"), 1}, {arguments.array("h"), 0}}, [](const std::vector<Array>& point) {
        return scalar(diebold_mariano(point[0].values, whole(point[1].values[0])));
      }));
}

Json dm_probability_positive_case(CaseArguments& arguments) {
  return to_json(map_numbers(
      {arguments.array("stat"), arguments.array("n")},
      [](std::span<const double> x) { return dm_probability_positive(x[0], whole(x[1])); }));
}

// [upper ends, lower ends], each of the shape of the statistics.
Json dm_interval_case(CaseArguments& arguments) {
  const std::vector<Array> inputs{arguments.array("mean"), arguments.array("stat"),
                                  arguments.array("n"), arguments.array("level")};
  const auto ends = [&](double ConfidenceInterval::*end) {
    return to_json(map_numbers(inputs, [end](std::span<const double> x) {
      return dm_interval(x[0], x[1], whole(x[2]), x[3]).*end;
    }));
  };
  return Json::array({ends(&ConfidenceInterval::high), ends(&ConfidenceInterval::low)});
}

// Of an array (variable, member).
std::vector<std::vector<double>> members_of(const Array& array) {
  const std::size_t count = array.shape[1];
  std::vector<std::vector<double>> members(count);
  for (std::size_t i = 0; i < array.values.size(); ++i)
    members[i % count].push_back(array.values[i]);
  return members;
}

// `score` of the members, the truth and the weights of the members at each point; members and truth
// have the variables on their last axis.
template <class Score>
Json map_vectors(CaseArguments& arguments, const Score& score) {
  const Array ensemble = arguments.ensemble(-2);
  const Array weights = arguments.has("weights")
                            ? arguments.array("weights")
                            : vector_of(std::vector<double>(ensemble.shape.back(), 1.0));
  return to_json(
      map_points({{ensemble, 2}, {arguments.array("obs"), 1}, {weights, 1}},
                 [&](const std::vector<Array>& point) {
                   if (point[0].shape[0] != point[1].values.size() ||
                       point[0].shape[1] != point[2].values.size())
                     fail("the shapes of 'ens', 'obs' and 'weights' do not match");
                   const auto members = members_of(point[0]);
                   const std::vector<std::span<const double>> views(members.begin(), members.end());
                   return scalar(score(VectorMembers(views), point[1].values, point[2].values));
                 }));
}

Json energy_score_case(CaseArguments& arguments) {
  const auto estimator = parse_energy_estimator(arguments.text("estimator"));
  return map_vectors(arguments, [&](VectorMembers members, std::span<const double> truth,
                                    std::span<const double> weights) {
    return energy_score(members, truth, estimator, weights).value();
  });
}

Json variogram_score_case(CaseArguments& arguments) {
  const auto estimator = arguments.text("estimator");
  if (estimator != "all_pairs" && estimator != "fair")
    fail("no estimator of the variogram score is called '{}': all_pairs or fair", estimator);
  const VariogramSettings settings{.p = arguments.number("p"), .fair = estimator == "fair"};
  return map_vectors(arguments,
                     [&](VectorMembers members, std::span<const double> truth, const auto&) {
                       return variogram_score(members, truth, settings);
                     });
}

Json error_spread_score_case(CaseArguments& arguments) {
  return to_json(map_ensemble(arguments.ensemble(), arguments.array("obs"), error_spread_score));
}

// Multivariate where the observation has a last axis as long as that of the variables.
Json dawid_sebastiani_case(CaseArguments& arguments) {
  const int ddof = static_cast<int>(arguments.number_or("ddof", 1));
  const auto score = [&](VectorMembers members, std::span<const double> truth) {
    return dawid_sebastiani(members, truth, ddof);
  };
  const auto ensemble = arguments.array("ens").shape;
  const auto observed = arguments.array("obs").shape;
  if (ensemble.size() >= 2 && !observed.empty() && observed.back() == ensemble.back())
    return map_vectors(arguments, [&](VectorMembers members, std::span<const double> truth,
                                      const auto&) { return score(members, truth); });
  return to_json(map_ensemble(arguments.ensemble(), arguments.array("obs"),
                              [&](std::span<const double> members, double truth) {
                                std::vector<std::span<const double>> views;
                                for (const double& member : members) views.emplace_back(&member, 1);
                                return score(views, {&truth, 1});
                              }));
}

}  // namespace

EvaluatorTable sample_functions() {
  return {{"diebold_mariano", diebold_mariano_case},
          {"dm_probability_positive", dm_probability_positive_case},
          {"dm_interval", dm_interval_case},
          {"energy_score", energy_score_case},
          {"variogram_score", variogram_score_case},
          {"error_spread_score", error_spread_score_case},
          {"dawid_sebastiani", dawid_sebastiani_case}};
}

}  // namespace ladcast
