#include "nodes/report/health_verdicts.h"

#include <fmt/format.h>

#include <cctype>

#include "nodes/report/axis.h"

namespace ladcast {
namespace {

std::string place_of(const HealthCheck& check) {
  std::string text;
  if (!check.channel.name.empty()) text += ": " + shown_name(check.channel);
  if (!check.where.empty()) text += ", " + check.where;
  if (check.member) text += fmt::format(", member {}", *check.member);
  return text;
}

std::string finding_of(const HealthFinding& finding) {
  const HealthCheck& worst = finding.worst;
  std::string text = fmt::format("{}, {}: from {} on", to_string(worst.signature), worst.measure,
                                 shown_lead(finding.first.lead_hours));
  text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  if (finding.channels.size() > 1) text += fmt::format(", {} channels", finding.channels.size());
  if (finding.inits.size() > 1) text += fmt::format(", {} initial times", finding.inits.size());
  return text + fmt::format("; worst {} at {}{}.", value_and_bound(worst),
                            shown_lead(worst.lead_hours), place_of(worst));
}

}  // namespace

std::vector<PageVerdict> page_verdicts(const HealthVerdict& health) {
  std::vector<PageVerdict> verdicts;
  for (const auto& finding : health.findings())
    verdicts.push_back({finding.worst.verdict == Verdict::fail ? PageVerdict::Status::failed
                                                               : PageVerdict::Status::warning,
                        finding_of(finding), finding.worst.advice});
  if (verdicts.empty()) verdicts.push_back({PageVerdict::Status::passed, health.text(), ""});
  return verdicts;
}

}  // namespace ladcast
