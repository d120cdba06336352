#include "nodes/report/findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>

#include "nodes/report/axis.h"

namespace ladcast {
namespace {

using ByLead = std::map<int, double>;

ByLead series(const std::vector<SeriesPoint>& points, const ScoreChoice& choice,
              const Channel& channel, const std::string& forecast, const std::string& score) {
  ByLead values;
  for (const auto& [row, low, high] : points)
    if (row.region == choice.region && row.channel == channel && row.forecast == forecast &&
        row.score == score && !row.bin && row.event.empty() && std::isfinite(row.value))
      values[row.lead_hours] = row.value;
  return values;
}

/// Where `ours` is smaller, at the leads that both have.
std::vector<LeadFact> where_better(const ByLead& ours, const ByLead& theirs) {
  std::vector<LeadFact> facts;
  for (const auto& [lead, value] : ours)
    if (const auto other = theirs.find(lead); other != theirs.end())
      facts.push_back({lead, value < other->second});
  return facts;
}

double value_at(const ByLead& values, int lead) {
  const auto found = values.find(lead);
  return found == values.end() ? std::nan("") : found->second;
}

/// The lead in the middle of those that the report shows in detail.
int middle_lead(const ScoreChoice& choice) { return choice.leads[choice.leads.size() / 2]; }

std::string calibration(double ratio) {
  if (ratio < 0.9) return "the ensemble is too sure of itself";
  if (ratio > 1.1) return "the ensemble is not sure enough";
  return "the two agree";
}

/// A name in the middle of a sentence.
std::string in_text(const Channel& channel) {
  std::string name = shown_name(channel);
  name[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(name[0])));
  return name;
}

}  // namespace

std::string when(const std::vector<LeadFact>& facts) {
  const auto holds = [](const LeadFact& fact) { return fact.holds; };
  const auto count = std::count_if(facts.begin(), facts.end(), holds);
  if (count == 0) return "at no lead";
  if (count == static_cast<std::ptrdiff_t>(facts.size())) return "at all leads";
  const auto first = std::find_if(facts.begin(), facts.end(), holds);
  const auto end = std::find_if_not(first, facts.end(), holds);
  if (end - first != count) return fmt::format("at {} of {} leads", count, facts.size());
  const std::string last = shown_lead(std::prev(end)->lead_hours);
  if (first == facts.begin()) return "until " + last;
  if (end == facts.end()) return "from " + shown_lead(first->lead_hours) + " on";
  if (count == 1) return "at " + last + " alone";
  return "from " + shown_lead(first->lead_hours) + " to " + last;
}

std::string main_finding(const std::vector<SeriesPoint>& points, const ScoreChoice& choice) {
  const auto forecasts = own_forecasts(points);
  if (forecasts.empty() || choice.channels.empty() || choice.leads.empty()) return "";
  const Channel& channel = choice.channels.front();
  const auto rmse = series(points, choice, channel, forecasts[0], "rmse");
  if (rmse.empty()) return "";
  std::vector<std::pair<std::string, std::string>> beaten;  // when, and what
  for (const char* reference : {"climatology", "persistence"}) {
    const auto facts = where_better(rmse, series(points, choice, channel, reference, "rmse"));
    if (facts.empty()) continue;
    if (!beaten.empty() && beaten.back().first == when(facts))
      beaten.back().second += fmt::format(" and {}", reference);
    else
      beaten.emplace_back(when(facts), reference);
  }
  const std::string about =
      fmt::format("For {}{}, ", in_text(channel),
                  choice.region == "global" ? "" : fmt::format(" over {}", choice.region));
  std::string text;
  for (const auto& [leads, references] : beaten)
    text += text.empty() ? fmt::format("{}the mean of '{}' is better than {} {}", about,
                                       forecasts[0], references, leads)
                         : fmt::format(" and than {} {}", references, leads);
  if (!text.empty()) text += ".";
  const int lead = middle_lead(choice);
  const auto ratio = value_at(series(points, choice, channel, forecasts[0], "spread_skill"), lead);
  if (std::isnan(ratio)) return text;
  const std::string spread = text.empty() ? fmt::format("{}at {} the spread of '{}'", about,
                                                        shown_lead(lead), forecasts[0])
                                          : fmt::format(" At {} its spread", shown_lead(lead));
  return fmt::format("{}{} is {:.2f} times what {} error asks for: {}.", text, spread, ratio,
                     text.empty() ? "the" : "its", calibration(ratio));
}

std::vector<std::vector<std::string>> glance_table(const std::vector<SeriesPoint>& points,
                                                   const ScoreChoice& choice) {
  std::vector<std::vector<std::string>> table;
  const auto forecasts = own_forecasts(points);
  if (forecasts.empty() || choice.leads.empty()) return table;
  const std::string& own = forecasts[0];
  const int middle = middle_lead(choice);
  std::vector<int> leads = {choice.leads.front(), middle, choice.leads.back()};
  leads.erase(std::unique(leads.begin(), leads.end()), leads.end());
  std::vector<std::string> head = {"", ""};
  for (const int lead : leads) head.push_back("RMSE\n" + shown_lead(lead));
  for (const char* what : {"better than\nclimatology", "better than\npersistence"})
    head.push_back(what);
  head.push_back("CRPS skill\n" + shown_lead(middle));
  head.push_back("spread / error\n" + shown_lead(middle));
  table.push_back(std::move(head));
  for (const auto& channel : choice.channels) {
    const auto of = [&](const std::string& forecast, const std::string& score) {
      return series(points, choice, channel, forecast, score);
    };
    const auto rmse = of(own, "rmse");
    if (rmse.empty()) continue;
    const auto [factor, units] = display_units(channel);
    const auto better = [&](const char* reference) -> std::string {
      const auto facts = where_better(rmse, of(reference, "rmse"));
      return facts.empty() ? "–" : when(facts);
    };
    const double skill = 1 - value_at(of(own, "crps_fair"), middle) /
                                 value_at(of("climatology", "crps_fair"), middle);
    const double ratio = value_at(of(own, "spread_skill"), middle);
    std::vector<std::string> cells = {shown_name(channel), units};
    for (const int lead : leads) cells.push_back(shown_value(factor * value_at(rmse, lead)));
    cells.push_back(better("climatology"));
    cells.push_back(better("persistence"));
    cells.push_back(std::isfinite(skill) ? shown_percent(100 * skill, 0) + " %" : "–");
    cells.push_back(std::isfinite(ratio) ? fmt::format("{:.2f}", ratio) : "–");
    table.push_back(std::move(cells));
  }
  if (table.size() == 1) table.clear();
  return table;
}

}  // namespace ladcast
