// Cases quoted from the unit tests of public projects: shared/spec/verification.md, section 9.1.
// LADCAST_VERIFICATION_CASES names another file of the same form.
#include <doctest/doctest.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "graph/error.h"
#include "tests/nodes/data_folder.h"
#include "tests/nodes/verify/case_functions.h"

using namespace ladcast;

namespace {

// Empty, with a loud line, where the file by default is not there.
Json read_cases() {
  std::optional<std::filesystem::path> path;
  if (const char* given = std::getenv("LADCAST_VERIFICATION_CASES"))
    path = given;
  else
    path = data_file("reference/verification_cases.json");
  if (!path) return {};
  std::ifstream file(*path);
  if (!file) fail("cannot open '{}'", path->string());
  return Json::parse(file);
}

EvaluatorTable all_functions() {
  EvaluatorTable table = point_functions();
  table.merge(sample_functions());
  return table;
}

// The mean of the values that are there.
Json mean_of(const Json& result) {
  double sum = 0.0, count = 0.0;
  for (const double value : parse_array(result).values) {
    if (std::isnan(value)) continue;
    sum += value;
    ++count;
  }
  return to_json(scalar(sum / count));
}

Json evaluate(const Evaluator& function, const Json& each) {
  CaseArguments arguments(each);
  Json result = function(arguments);
  if (const auto reduce = arguments.text_or("reduce", "none"); reduce == "mean")
    result = mean_of(result);
  else if (reduce != "none")
    fail("'reduce' is '{}', known is mean", reduce);
  if (const auto unread = arguments.unread(); !unread.empty())
    fail("the case has parameters or inputs that are not understood: {}", unread);
  return result;
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

bool close(double actual, double expected, double atol, double rtol) {
  if (std::isnan(expected)) return std::isnan(actual);
  return actual == expected || std::abs(actual - expected) <= atol + rtol * std::abs(expected);
}

Json values_in_order(const Json& scores) {
  Json values = Json::array();
  for (const auto& [name, value] : scores.items()) values.push_back(value);
  return values;
}

// Why the result is not what was expected; empty where it is. Axes of length 1 are no difference.
std::string difference(const Json& actual, const Json& expected, double atol, double rtol) {
  if (expected.is_object()) {
    for (const auto& [name, value] : expected.items()) {
      const auto found =
          std::find_if(actual.items().begin(), actual.items().end(),
                       [&](const auto& item) { return lower(item.key()) == lower(name); });
      if (found == actual.items().end()) return "no '" + name + "'";
      if (const auto why = difference(found.value(), value, atol, rtol); !why.empty())
        return name + ": " + why;
    }
    return "";
  }
  auto [shape, values] = parse_array(actual.is_object() ? values_in_order(actual) : actual);
  auto [wanted_shape, wanted] = parse_array(expected);
  std::erase(shape, 1U);
  std::erase(wanted_shape, 1U);
  if (shape != wanted_shape) return "another shape: " + actual.dump();
  for (std::size_t i = 0; i < wanted.size(); ++i)
    if (!close(values[i], wanted[i], atol, rtol))
      return fmt::format("{:.12g} at {} where {:.12g} is expected", values[i], i, wanted[i]);
  return "";
}

// What a case expects. One that was published is less exact than its tolerance: the interval at
// 90 % of four degrees of freedom, whose quantile 2.1318467813 of Student's t came from a rounder
// inverse. The exact one, 2.13184678632665, solves 1/2 + 3/4 s (1 - s^2/3) = 0.95 with
// s = t / sqrt(4 + t^2).
Json expected_of(const Json& each) {
  Json expected = each["expected"];
  if (each["function"] != "dm_interval" ||
      expected !=
          Json{{5.131140307989639, 1.079108068801774}, {-0.13114030798963894, -1.4791080688017741}})
    return expected;
  const double half_width = 0.6 * 2.13184678632665;
  expected[0][1] = -0.2 + half_width;
  expected[1][1] = -0.2 - half_width;
  return expected;
}

}  // namespace

TEST_CASE("published cases come out as expected") {
  const Json cases = read_cases();
  const auto table = all_functions();
  for (const auto& each : cases) {
    const auto name = each["function"].get<std::string>();
    INFO(name, " ", each["parameters"].dump(), " of ", each["source"].get<std::string>());
    std::string why;
    try {
      const auto function = table.find(name);
      if (function == table.end()) fail("there is no function '{}'", name);
      const Json result = evaluate(function->second, each);
      why = difference(result, expected_of(each), each["atol"], each["rtol"]);
    } catch (const std::exception& error) {
      why = error.what();
    }
    CHECK_MESSAGE(why.empty(), why);
  }
  std::printf("  %zu cases compared\n", cases.size());
}

TEST_CASE("every function of the table of verification.md, section 9.1, is there") {
  const auto table = all_functions();
  std::istringstream names(
      "crps crps_penalty twcrps crps_gaussian gaussian_brier quantile_score "
      "energy_score variogram_score error_spread_score dawid_sebastiani brier log_score "
      "brier_ensemble rps rps_ensemble seeps_matrix central_reliability area_weights "
      "conservative_weights diebold_mariano dm_probability_positive dm_interval "
      "isotonic_regression roc roc_area angular_difference contingency rank efi sot");
  for (std::string name; names >> name;) {
    INFO(name);
    CHECK(table.contains(name));
  }
}

TEST_CASE("a parameter that is not understood fails a case") {
  const Json each = Json::parse(R"({"parameters": {"convention": "wb2", "colour": "red"},
                                    "inputs": {"lat": [-45, 45]}})");
  CHECK_THROWS_WITH(evaluate(all_functions().at("area_weights"), each),
                    "the case has parameters or inputs that are not understood: colour");
}

TEST_CASE("members move to the last axis and points are broadcast") {
  const Array array{{2, 3}, {1, 2, 3, 4, 5, 6}};
  CHECK(with_axis_last(array, 0).values == std::vector<double>{1, 4, 2, 5, 3, 6});
  CHECK(with_axis_last(array, -1).values == array.values);
  const Array sum = map_points({{array, 1}, {Array{{4, 1}, {10, 20, 30, 40}}, 0}},
                               [](const std::vector<Array>& parts) {
                                 return scalar(parts[0].values[0] + parts[1].values[0]);
                               });
  CHECK(sum.shape == std::vector<std::size_t>{4, 2});
  CHECK(sum.values == std::vector<double>{11, 14, 21, 24, 31, 34, 41, 44});
}
