#include "nodes/health/verdict.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <tuple>

#include "graph/text.h"

namespace ladcast {
namespace {

bool is_worse(const HealthCheck& a, const HealthCheck& b) {
  const auto rank = [](const HealthCheck& check) {
    return std::tuple(check.verdict, check.signature == Signature::not_finite, excess(check),
                      std::abs(check.value));
  };
  return rank(a) > rank(b);
}

bool is_earlier(const HealthCheck& a, const HealthCheck& b) {
  return std::tuple(a.init, a.lead_hours) < std::tuple(b.init, b.lead_hours);
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
  if (const auto place = place_of(finding.first); place != place_of(worst)) text += place;
  if (finding.channels.size() > 1) text += fmt::format("; in {} channels", finding.channels.size());
  if (finding.inits.size() > 1) text += fmt::format(", {} initial times", finding.inits.size());
  text += fmt::format("; worst {} at {} h{}\n        {}\n", value_and_bound(worst),
                      worst.lead_hours, place_of(worst), worst.advice);
  return text;
}

}  // namespace

std::string value_and_bound(const HealthCheck& check) {
  const bool high = check.value > check.upper;
  const double bound = high ? check.upper : check.lower;
  const auto shown = [](double number, int digits) {
    return fmt::format("{:.{}g}", number, digits);
  };
  int digits = check.signature == Signature::not_finite ? 9 : 3;  // points are counted
  while (digits < 9 && shown(check.value, digits) == shown(bound, digits)) ++digits;
  return fmt::format("{} ({} {})", shown(check.value, digits), high ? "at most" : "at least",
                     shown(bound, digits));
}

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
  const std::string all =
      without_value_ == 0
          ? format_count(checks_, "check")
          : fmt::format("{}, {} more without a value",
                        format_count(checks_ - without_value_, "check"), without_value_);
  if (findings_.empty())
    return fmt::format(
        "healthy: no blurring, noise, collapse, drift, frozen or turned maps, broken poles or "
        "impossible values ({})\n",
        all);
  std::set<Time> inits;
  for (const auto& finding : findings_) inits.insert(finding.inits.begin(), finding.inits.end());
  std::string text = fmt::format(
      "health: {}, {} of fault ({})\n", to_string(verdict()),
      findings_.size() == 1 ? "1 kind" : fmt::format("{} kinds", findings_.size()), all);
  for (const auto& finding : findings()) text += line_of(finding, inits.size() > 1);
  return text;
}

}  // namespace ladcast
