#include "tests/nodes/verify/case_functions.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "graph/error.h"

namespace ladcast {
namespace {

std::size_t size_of(std::span<const std::size_t> shape) {
  return std::accumulate(shape.begin(), shape.end(), std::size_t{1}, std::multiplies<>());
}

void append(Array& array, const Json& value, std::size_t depth) {
  if (!value.is_array()) {
    if (depth != array.rank() || !(value.is_number() || value.is_null() || value.is_boolean()))
      fail("an array of numbers holds {}", value.dump());
    array.values.push_back(value.is_null()      ? std::numeric_limits<double>::quiet_NaN()
                           : value.is_boolean() ? static_cast<double>(value.get<bool>())
                                                : value.get<double>());
    return;
  }
  if (depth >= array.rank() || value.size() != array.shape[depth])
    fail("an array is ragged at {}", value.dump());
  for (const auto& part : value) append(array, part, depth + 1);
}

Json json_of(const Array& array, std::size_t depth, std::size_t& next) {
  if (depth == array.rank()) {
    const double value = array.values[next++];
    return std::isnan(value) ? Json() : Json(value);
  }
  Json list = Json::array();
  for (std::size_t i = 0; i < array.shape[depth]; ++i)
    list.push_back(json_of(array, depth + 1, next));
  return list;
}

// The axes of the points that the operands have in common.
std::vector<std::size_t> broadcast_shape(const std::vector<Operand>& operands) {
  std::vector<std::size_t> shape;
  for (const auto& [array, core_axes] : operands) {
    if (array.rank() < core_axes)
      fail("an array of rank {} where at least {} is needed", array.rank(), core_axes);
    const std::size_t axes = array.rank() - core_axes;
    if (axes > shape.size()) shape.insert(shape.begin(), axes - shape.size(), 1);
    for (std::size_t axis = 0; axis < axes; ++axis) {
      std::size_t& common = shape[shape.size() - axes + axis];
      const std::size_t length = array.shape[axis];
      if (common != length && common != 1 && length != 1)
        fail("axes of lengths {} and {} do not match", common, length);
      common = common == 1 ? length : common;
    }
  }
  return shape;
}

// The core part of `operand` at a point of `shape`.
Array core_at(const Operand& operand, const std::vector<std::size_t>& shape, std::size_t point) {
  const auto& all = operand.array.shape;
  const std::size_t axes = all.size() - operand.core_axes;
  std::size_t index = 0, stride = 1;
  for (std::size_t back = 1; back <= axes; ++back) {
    const std::size_t length = all[axes - back], common = shape[shape.size() - back];
    if (length != 1) index += stride * (point % common);
    point /= common;
    stride *= length;
  }
  Array core{{all.begin() + static_cast<std::ptrdiff_t>(axes), all.end()}, {}};
  const std::size_t size = size_of(core.shape);
  const auto first = operand.array.values.begin() + static_cast<std::ptrdiff_t>(index * size);
  core.values.assign(first, first + static_cast<std::ptrdiff_t>(size));
  return core;
}

}  // namespace

Array scalar(double value) { return {{}, {value}}; }

Array vector_of(std::span<const double> values) {
  return {{values.size()}, {values.begin(), values.end()}};
}

Array parse_array(const Json& value) {
  Array array;
  for (const Json* part = &value; part->is_array(); part = &part->front()) {
    array.shape.push_back(part->size());
    if (part->empty()) break;
  }
  append(array, value, 0);
  return array;
}

Json to_json(const Array& array) {
  std::size_t next = 0;
  return json_of(array, 0, next);
}

Array with_axis_last(const Array& array, std::ptrdiff_t from) {
  const auto rank = static_cast<std::ptrdiff_t>(array.rank());
  if (from < -rank || from >= rank) fail("an array of rank {} has no axis {}", rank, from);
  const auto axis = static_cast<std::size_t>(from < 0 ? from + rank : from);
  const std::size_t length = array.shape[axis];
  const std::size_t inner = size_of(std::span(array.shape).subspan(axis + 1));
  Array moved = array;
  std::rotate(moved.shape.begin() + static_cast<std::ptrdiff_t>(axis),
              moved.shape.begin() + static_cast<std::ptrdiff_t>(axis) + 1, moved.shape.end());
  for (std::size_t i = 0; i < array.values.size(); ++i) {
    const std::size_t outer = i / (length * inner), along = i / inner % length;
    moved.values[(outer * inner + i % inner) * length + along] = array.values[i];
  }
  return moved;
}

CaseArguments::CaseArguments(const Json& each) {
  for (const char* const group : {"parameters", "inputs"})
    for (const auto& [name, value] : each.at(group).items()) values_[name] = value;
  if (each.contains("member_axis")) values_["member_axis"] = each["member_axis"];
}

bool CaseArguments::has(const std::string& name) const { return values_.contains(name); }

const Json& CaseArguments::json(const std::string& name) {
  if (!has(name)) fail("the case has no '{}'", name);
  read_.insert(name);
  return values_.at(name);
}

Array CaseArguments::array(const std::string& name) { return parse_array(json(name)); }

double CaseArguments::number(const std::string& name) {
  const Array value = array(name);
  if (value.rank() != 0) fail("'{}' is not one number", name);
  return value.values[0];
}

std::string CaseArguments::text(const std::string& name) {
  const Json& value = json(name);
  if (!value.is_string()) fail("'{}' is {}, not a text", name, value.dump());
  return value.get<std::string>();
}

double CaseArguments::number_or(const std::string& name, double otherwise) {
  return has(name) && !json(name).is_null() ? number(name) : otherwise;
}

std::string CaseArguments::text_or(const std::string& name, const std::string& otherwise) {
  return has(name) && !json(name).is_null() ? text(name) : otherwise;
}

bool CaseArguments::flag_or(const std::string& name, bool otherwise) {
  if (!has(name)) return otherwise;
  const Json& value = json(name);
  if (!value.is_boolean()) fail("'{}' is {}, neither true nor false", name, value.dump());
  return value.get<bool>();
}

Array CaseArguments::ensemble(std::ptrdiff_t usual_axis) {
  Array members = array("ens");
  if (members.rank() == 0) members.shape = {1};
  const auto axis =
      static_cast<std::ptrdiff_t>(number_or("member_axis", static_cast<double>(usual_axis)));
  return with_axis_last(members, axis);
}

std::string CaseArguments::unread() const {
  std::string names;
  for (const auto& [name, value] : values_)
    if (!read_.contains(name)) names += (names.empty() ? "" : ", ") + name;
  return names;
}

Array map_points(const std::vector<Operand>& operands,
                 const std::function<Array(const std::vector<Array>&)>& function) {
  Array result{broadcast_shape(operands), {}};
  const auto points = result.shape;
  std::vector<std::size_t> core_shape;
  for (std::size_t point = 0; point < size_of(points); ++point) {
    std::vector<Array> cores;
    for (const auto& operand : operands) cores.push_back(core_at(operand, points, point));
    const Array core = function(cores);
    result.values.insert(result.values.end(), core.values.begin(), core.values.end());
    core_shape = core.shape;
  }
  result.shape.insert(result.shape.end(), core_shape.begin(), core_shape.end());
  return result;
}

Array map_numbers(const std::vector<Array>& arrays,
                  const std::function<double(std::span<const double>)>& function) {
  std::vector<Operand> operands;
  for (const auto& array : arrays) operands.push_back({array, 0});
  return map_points(operands, [&](const std::vector<Array>& parts) {
    std::vector<double> numbers;
    for (const auto& part : parts) numbers.push_back(part.values[0]);
    return scalar(function(numbers));
  });
}

Array map_ensemble(const Array& members, const Array& observed,
                   const std::function<double(std::span<const double>, double)>& function) {
  return map_points({{members, 1}, {observed, 0}}, [&](const std::vector<Array>& parts) {
    return scalar(function(parts[0].values, parts[1].values[0]));
  });
}

}  // namespace ladcast
