#include "nodes/report/run_facts.h"

#include <fmt/format.h>

#include <filesystem>
#include <set>

#include "graph/text.h"
#include "nodes/report/axis.h"
#include "nodes/report/score_figures.h"

namespace ladcast {
namespace {

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i)
    text += (i == 0 ? "" : i + 1 == names.size() ? " and " : ", ") + names[i];
  return text;
}

/// A file in its folder: "forecaster/config.json".
std::string short_path(const std::filesystem::path& file) {
  return (file.parent_path().filename() / file.filename()).string();
}

std::string initial_times(const Plan& plan) {
  if (plan.iterations > 0) return plan.count_items(plan.iterations);
  if (plan.items() == 1) return short_time(plan.inits.front());
  return fmt::format("{} initial times, {} to {}", plan.items(), short_time(plan.inits.front()),
                     short_time(plan.inits.back()));
}

}  // namespace

std::string what_was_run(const Plan& plan) {
  if (plan.iterations > 0) return plan.count_items(plan.iterations) + ".";
  std::string text =
      fmt::format("{}, {}", format_count(plan.members(), "member"), initial_times(plan));
  if (plan.leads > 0)
    text +=
        fmt::format(", every {} h to {}", plan.step_hours, shown_lead(plan.lead_hours(plan.leads)));
  return text + ".";
}

std::string what_was_scored(const std::vector<SeriesPoint>& points) {
  if (points.empty()) return "There was no truth to score it against.";
  std::set<std::string> forecasts, channels;
  std::set<int> leads;
  for (const auto& [row, low, high] : points) {
    if (row.forecast != "truth") forecasts.insert(row.forecast);
    channels.insert(to_string(row.channel));
    leads.insert(row.lead_hours);
  }
  return fmt::format("Scored at {} for {} ({}).",
                     format_count(static_cast<std::int64_t>(leads.size()), "lead"),
                     format_count(static_cast<std::int64_t>(channels.size()), "channel"),
                     joined({forecasts.begin(), forecasts.end()}));
}

std::string where_numbers_are(const RunOrigin& origin, bool has_comparison) {
  std::set<std::string> tables;
  for (const auto& [path, value] : origin.settings)
    if (path.ends_with(".type") && value == "\"csv_out\"")
      tables.insert(path.substr(0, path.size() - 5));
  std::vector<std::string> files;
  for (const auto& [path, value] : origin.settings)
    if (path.ends_with(".path") && tables.contains(path.substr(0, path.size() - 5)))
      files.push_back(value);
  const std::string drawn =
      "Below each figure are the rows that were drawn, means over initial times";
  const std::string compared =
      has_comparison ? " Those of the comparison with another run are lines of the table that a "
                       "scorecard_out node writes."
                     : "";
  if (files.empty())
    return drawn + "; a csv_out node with the same inputs writes all of them." + compared;
  return fmt::format("{}; they are lines of {}, where all others are too.{}", drawn, joined(files),
                     compared);
}

std::string what_is_not_drawn(const std::vector<SeriesPoint>& points) {
  const auto scores = undrawn_scores(points);
  if (scores.empty()) return "";
  return fmt::format("Of these scores no figure is drawn: {}.", joined(scores));
}

std::vector<PageFacts> run_facts(const RunOrigin& origin, const Plan& plan) {
  PageFacts run{"The run", false, {}};
  run.facts = {{"program", origin.program}, {"pipeline (SHA-256)", origin.pipeline}};
  run.facts.emplace_back("seed", std::to_string(plan.seed));
  run.facts.emplace_back("members", std::to_string(plan.members()));
  run.facts.emplace_back("initial times", initial_times(plan));
  for (const auto& [file, print] : origin.files) run.facts.emplace_back(short_path(file), print);
  run.facts.emplace_back("networks", "Zhuang and Duraisamy, LaDCast, arXiv:2506.09193");
  run.facts.emplace_back("coastlines", "Natural Earth 1:110m, public domain");
  return {
      run, {"Machine and libraries", true, origin.machine}, {"Pipeline", true, origin.settings}};
}

}  // namespace ladcast
