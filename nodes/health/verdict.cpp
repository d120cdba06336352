#include "nodes/health/verdict.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <tuple>

namespace ladcast {
namespace {

bool is_worse(const HealthCheck& a, const HealthCheck& b) {
  return std::tuple(a.verdict, excess(a)) > std::tuple(b.verdict, excess(b));
}

bool is_earlier(const HealthCheck& a, const HealthCheck& b) {
  return std::tuple(a.init, a.lead_hours) < std::tuple(b.init, b.lead_hours);
}

std::string bound_of(const HealthCheck& check) {
  return check.value > check.upper ? fmt::format("at most {:.3g}", check.upper)
                                   : fmt::format("at least {:.3g}", check.lower);
}

// " in temperature 850 hPa, row 87.1875 N, member 3"
std::string place_of(const HealthCheck& check) {
  std::string text;
  if (!check.channel.name.empty()) text += " in " + to_string(check.channel);
  if (!check.where.empty()) text += ", " + check.where;
  if (check.member) text += fmt::format(", member {}", *check.member);
  return text;
}

std::string line_of(const HealthFinding& finding, bool many_inits) {
  const HealthCheck& worst = finding.worst;
  std::string text =
      fmt::format("  {}  {}, {}: from {} h", to_string(worst.verdict), to_string(worst.signature),
                  worst.measure, finding.first.lead_hours);
  if (many_inits) text += fmt::format(" of {}", format_time(finding.first.init));
  if (finding.channels.size() > 1) text += fmt::format(", {} channels", finding.channels.size());
  if (finding.inits.size() > 1) text += fmt::format(", {} initial times", finding.inits.size());
  text += fmt::format("; worst {:.3g} ({}) at {} h{}\n        {}\n", worst.value, bound_of(worst),
                      worst.lead_hours, place_of(worst), worst.advice);
  return text;
}

}  // namespace

double excess(const HealthCheck& check) {
  if (check.value > check.upper) return check.value / check.upper;
  if (check.value < check.lower)
    return check.lower > 0 ? check.lower / check.value : check.value / check.lower;
  return 0;
}

void HealthVerdict::add(const HealthCheck& check) {
  ++checks_;
  if (std::isnan(check.value)) ++without_value_;
  if (check.verdict == Verdict::ok) return;
  auto known = std::find_if(findings_.begin(), findings_.end(), [&](const auto& finding) {
    return finding.first.signature == check.signature && finding.first.measure == check.measure;
  });
  if (known == findings_.end()) {
    findings_.push_back({check, check, {}, {}});
    known = findings_.end() - 1;
  }
  if (is_earlier(check, known->first)) known->first = check;
  if (is_worse(check, known->worst)) known->worst = check;
  if (!check.channel.name.empty()) known->channels.insert(to_string(check.channel));
  known->inits.insert(check.init);
}

std::vector<HealthFinding> HealthVerdict::findings() const {
  auto sorted = findings_;
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& a, const auto& b) { return is_worse(a.worst, b.worst); });
  return sorted;
}

Verdict HealthVerdict::verdict() const {
  Verdict verdict = Verdict::ok;
  for (const auto& finding : findings_) verdict = std::max(verdict, finding.worst.verdict);
  return verdict;
}

std::string HealthVerdict::text() const {
  if (checks_ == without_value_) return "health: nothing could be checked\n";
  const std::string all = without_value_ == 0
                              ? fmt::format("{} checks", checks_)
                              : fmt::format("{} checks, {} more without a value",
                                            checks_ - without_value_, without_value_);
  if (findings_.empty())
    return fmt::format(
        "healthy: no blurring, collapse, drift, broken poles or impossible values ({})\n", all);
  std::set<Time> inits;
  for (const auto& finding : findings_) inits.insert(finding.inits.begin(), finding.inits.end());
  std::string text = fmt::format("health: {}, {} kinds of fault ({})\n", to_string(verdict()),
                                 findings_.size(), all);
  for (const auto& finding : findings()) text += line_of(finding, inits.size() > 1);
  return text;
}

}  // namespace ladcast
