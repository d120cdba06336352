#include "nodes/output/file_variables.h"

#include <fmt/format.h>

#include <algorithm>

#include "nodes/values/variables.h"

namespace ladcast {
namespace {

/// CF-1.8, appendix E, has no method for percentiles and probabilities.
std::string_view cell_method_of(const Statistic& statistic) {
  if (statistic.kind == Statistic::Kind::mean) return "number: mean";
  if (statistic.kind == Statistic::Kind::standard_deviation) return "number: standard_deviation";
  return "";
}

std::string words_of(const Statistic& statistic, std::string_view units) {
  using enum Statistic::Kind;
  switch (statistic.kind) {
    case mean:
      return "ensemble mean of ";
    case standard_deviation:
      return "ensemble standard deviation of ";
    case percentile:
      return fmt::format("ensemble percentile {} of ", statistic.value);
    case above:
      return fmt::format("probability of more than {} {} of ", statistic.value, units);
    case below:
      return fmt::format("probability of less than {} {} of ", statistic.value, units);
  }
  return "";
}

}  // namespace

std::vector<FileVariable> file_variables(const std::vector<Channel>& channels) {
  std::vector<FileVariable> variables;
  for (const Channel& channel : channels) {
    auto same = std::find_if(variables.begin(), variables.end(),
                             [&](const FileVariable& v) { return v.holds(channel); });
    if (same == variables.end()) {
      same =
          variables.insert(variables.end(), {channel.name, channel.statistic, {}, channel.units});
    }
    if (channel.level) same->levels.push_back(*channel.level);
  }
  for (FileVariable& variable : variables)
    std::sort(variable.levels.begin(), variable.levels.end());
  return variables;
}

std::string suffix_of(const FileVariable& v) {
  using enum Statistic::Kind;
  if (!v.statistic) return "";
  switch (v.statistic->kind) {
    case mean:
      return "_mean";
    case standard_deviation:
      return "_stdev";
    case percentile:
      return fmt::format("_p{}", v.statistic->value);
    case above:
      return fmt::format("_above_{}", v.statistic->value);
    case below:
      return fmt::format("_below_{}", v.statistic->value);
  }
  return "";
}

std::vector<std::pair<std::string, std::string>> cf_attributes(const FileVariable& v,
                                                               bool normalised,
                                                               const std::string& lead_axis) {
  std::vector<std::pair<std::string, std::string>> attributes;
  const Variable* known = find_variable(v.name);
  std::string long_name = v.name;
  std::string cell_methods;
  if (known) {
    const bool has_its_meaning = !normalised && (!v.statistic || v.units == known->units);
    if (!known->standard_name.empty() && has_its_meaning)
      attributes.emplace_back("standard_name", known->standard_name);
    long_name = known->long_name;
    if (known->accumulation_hours > 0) cell_methods = lead_axis + ": sum";
  }
  if (v.statistic) {
    long_name.insert(0, words_of(*v.statistic, known ? known->units : ""));
    const std::string_view method = cell_method_of(*v.statistic);
    if (!cell_methods.empty() && !method.empty()) cell_methods += " ";
    cell_methods += method;
  }
  attributes.emplace_back("long_name", normalised ? "normalised " + long_name : long_name);
  attributes.emplace_back("units", normalised ? "1" : v.units);
  if (!cell_methods.empty()) attributes.emplace_back("cell_methods", cell_methods);
  return attributes;
}

}  // namespace ladcast
