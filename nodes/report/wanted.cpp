#include "nodes/report/wanted.h"

#include <fmt/ranges.h>

#include <algorithm>

#include "graph/diagnostics.h"

namespace ladcast {
namespace {

using Names = std::vector<std::string>;

Names absent_of(const Names& wanted, const Names& there) {
  Names absent;
  for (const auto& name : wanted)
    if (std::find(there.begin(), there.end(), name) == there.end()) absent.push_back(name);
  return absent;
}

std::string told(const std::string& key, const Names& absent, const Names& there) {
  if (absent.empty()) return "";
  return fmt::format("{} asks for {}, which {} not there; there are {}", key,
                     fmt::join(absent, ", "), absent.size() == 1 ? "is" : "are",
                     fmt::join(there, ", "));
}

}  // namespace

bool is_set(const ParamBase& param) { return param.position().source != nullptr; }

void require_steps(Shape& shape, const Param<std::vector<int>>& leads) {
  if (!is_set(leads)) return;
  const int step = shape.plan().step_hours;
  for (const int lead : *leads)
    if (lead % step != 0 || (lead <= 0 && shape.plan().leads > 0))
      shape.error(leads, fmt::format("{} h is no lead of a run in steps of {} h", lead, step),
                  fmt::format("take multiples of {}, or set run.lead.step_hours", step));
}

std::string absent_names(const std::string& key, const Names& wanted, const Names& there) {
  const Names absent = absent_of(wanted, there);
  std::string hint;
  for (const auto& name : absent)
    if (hint.empty()) hint = did_you_mean(name, there);
  return told(key, absent, there) + (hint.empty() ? "" : ": " + hint);
}

Names lead_names(const std::vector<int>& lead_hours) {
  Names names;
  for (const int hours : lead_hours) names.push_back(fmt::format("{} h", hours));
  return names;
}

std::string absent_leads(const std::string& key, const std::vector<int>& wanted,
                         const std::set<int>& there) {
  const Names names = lead_names({there.begin(), there.end()});
  return told(key, absent_of(lead_names(wanted), names), names);
}

}  // namespace ladcast
