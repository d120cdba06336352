#include "nodes/report/score_sections.h"

#include <algorithm>
#include <set>

#include "nodes/report/findings.h"
#include "nodes/report/score_figures.h"
#include "nodes/report/score_selection.h"
#include "nodes/report/wanted.h"

namespace ladcast {
namespace {

bool is_same(const Channel& a, const Channel& b) { return a.name == b.name && a.level == b.level; }

/// With their units.
std::vector<Channel> scored_channels(const std::vector<SeriesPoint>& points,
                                     const std::vector<Channel>& wanted) {
  std::vector<Channel> scored;
  for (const auto& channel : wanted) {
    const auto found = std::find_if(points.begin(), points.end(), [&](const SeriesPoint& point) {
      return is_same(point.row.channel, channel);
    });
    if (found != points.end()) scored.push_back(found->row.channel);
  }
  return scored;
}

std::vector<int> scored_leads(const std::vector<SeriesPoint>& points,
                              const std::vector<int>& wanted) {
  std::set<int> there;
  for (const auto& point : points) there.insert(point.row.lead_hours);
  std::vector<int> scored;
  for (const int lead : wanted)
    if (there.contains(lead)) scored.push_back(lead);
  if (scored.empty() && !there.empty()) scored.push_back(*there.rbegin());
  return scored;
}

std::vector<std::string> scored_regions(const std::vector<SeriesPoint>& points,
                                        const std::vector<std::string>& wanted) {
  std::vector<std::string> scored;
  const auto has = [](const std::vector<std::string>& list, const std::string& region) {
    return std::find(list.begin(), list.end(), region) != list.end();
  };
  for (const auto& point : points) {
    const std::string& region = point.row.region;
    if ((wanted.empty() ? scored.empty() : has(wanted, region)) && !has(scored, region))
      scored.push_back(region);
  }
  return scored;
}

std::string interval_text(bool has_intervals) {
  if (!has_intervals) return "One initial time: there are no confidence intervals.";
  return "Means over initial times. Bands are 95 % confidence intervals, mean ± 1.96 s/√n over "
         "the n initial times (for roots and ratios by the jackknife), as if these were "
         "independent of each other.";
}

}  // namespace

bool WantedScores::is_headline(const Channel& channel) const {
  return std::any_of(channels.begin(), channels.end(),
                     [&](const Channel& each) { return is_same(each, channel); });
}

void add_scores(Page& page, const std::vector<SeriesPoint>& points, const WantedScores& wanted,
                bool has_intervals) {
  ScoreChoice choice{
      scored_channels(points, wanted.channels), {}, scored_leads(points, wanted.lead_hours)};
  for (const auto& region : scored_regions(points, wanted.regions)) {
    choice.region = region;
    if (page.finding.empty()) page.finding = main_finding(points, choice);
    const std::string of = region == "global" ? "" : ", " + region;
    if (page.table.empty()) {
      page.table = glance_table(points, choice);
      page.table_title = "At a glance" + of;
    }
    const std::string end = region == "global" ? "" : "-" + id_of(region);
    ScoreFigures all = score_figures(points, choice);
    page.sections.push_back({"skill" + end, "Skill" + of, "", std::move(all.skill)});
    page.sections.push_back({"by-lead" + end, "Scores by lead" + of, interval_text(has_intervals),
                             std::move(all.by_lead)});
    page.sections.push_back(
        {"calibration" + end, "Calibration" + of, "", std::move(all.calibration)});
  }
  page.sections.push_back({"spectra", "Spectra", "", spectrum_figures(points, choice)});
}

std::string unscored_wishes(const std::vector<SeriesPoint>& points, const WantedScores& wanted) {
  if (points.empty()) return "";
  const auto name_of = [](const Channel& channel) {
    return to_string(Channel{channel.name, channel.level, ""});
  };
  std::vector<std::string> channels, regions, wanted_channels;
  std::set<int> leads;
  for (const auto& point : points) {
    add_once(channels, name_of(point.row.channel));
    add_once(regions, point.row.region);
    leads.insert(point.row.lead_hours);
  }
  for (const auto& channel : wanted.channels) wanted_channels.push_back(name_of(channel));
  std::string text;
  for (const auto& line : {absent_names("report.channels", wanted_channels, channels),
                           absent_names("report.regions", wanted.regions, regions),
                           absent_leads("report.leads", wanted.lead_hours, leads)})
    if (!line.empty()) text += line + '\n';
  return text;
}

}  // namespace ladcast
