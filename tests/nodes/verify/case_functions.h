// What the cases of verification_cases.json ask for, worked out by the library. A case names a
// function of the table in shared/spec/verification.md, section 9.1, with its parameters and
// inputs; an evaluator reads those and calls the library.
#pragma once

#include <cstddef>
#include <functional>
#include <initializer_list>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace ladcast {

using Json = nlohmann::ordered_json;

/// Numbers of any rank, row-major; rank 0 is one number. NaN is missing, null in a file.
struct Array {
  std::vector<std::size_t> shape;
  std::vector<double> values;

  std::size_t rank() const { return shape.size(); }
};

/// An array of rank 0.
Array scalar(double value);

/// An array of rank 1.
Array vector_of(std::span<const double> values);

/// Throws Error where the lists within lists are ragged or hold something else than numbers.
Array parse_array(const Json& value);

Json to_json(const Array& array);

/// The array with axis `from` last; the others keep their order. A negative axis counts from the
/// end.
Array with_axis_last(const Array& array, std::ptrdiff_t from);

/// The parameters and inputs of one case. Each name may stand among either; reading marks it as
/// understood.
class CaseArguments {
 public:
  explicit CaseArguments(const Json& each);

  bool has(const std::string& name) const;
  /// These throw Error where the name is not there; the value is of any form that the name allows.
  const Json& json(const std::string& name);
  Array array(const std::string& name);
  double number(const std::string& name);
  std::string text(const std::string& name);
  double number_or(const std::string& name, double otherwise);
  std::string text_or(const std::string& name, const std::string& otherwise);
  bool flag_or(const std::string& name, bool otherwise);

  /// 'ens' with the members on the last axis, taken from `member_axis` or from `usual_axis`. One
  /// number is one member.
  Array ensemble(std::ptrdiff_t usual_axis = -1);

  /// Names of the parameters and inputs that nothing has read, with commas between.
  std::string unread() const;

 private:
  std::map<std::string, Json> values_;
  std::set<std::string> read_;
};

/// An array of which the last `core_axes` axes go to the function whole.
struct Operand {
  Array array;
  std::size_t core_axes = 0;
};

/// `function` of the core parts at each point of the axes before them, which are broadcast against
/// each other (aligned at their ends, length 1 stretches). The axes of the result follow those of
/// the points.
Array map_points(const std::vector<Operand>& operands,
                 const std::function<Array(const std::vector<Array>&)>& function);

/// The same for functions of one number of each array.
Array map_numbers(const std::vector<Array>& arrays,
                  const std::function<double(std::span<const double>)>& function);

/// The same for functions of the members (on the last axis) and the observation at each point.
Array map_ensemble(
    const Array& members, const Array& observed,
    const std::function<double(std::span<const double> members, double observed)>& function);

using Evaluator = std::function<Json(CaseArguments&)>;
using EvaluatorTable = std::map<std::string, Evaluator>;

/// Functions of one point or of a sample of pairs: case_point_functions.cpp.
EvaluatorTable point_functions();

/// Multivariate scores and tests of samples: case_sample_functions.cpp.
EvaluatorTable sample_functions();

}  // namespace ladcast
