#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

#include "graph/node.h"
#include "nodes/values/scores.h"
#include "nodes/verify/published_scores.h"
#include "nodes/verify/score_csv.h"

namespace ladcast {
namespace {

class ScoresIn final : public Node {
  using Names = std::vector<std::string>;

  DetachedOut<Scores> scores{this, "scores", "of each initial time and lead of the plan"};
  Param<PathPattern> path{this, "path",
                          "tables that csv_out wrote with each_init = true; may name {init}"};
  Param<Names> forecasts{this, "forecasts", "those to read, as \"model\"; all where none is named",
                         ParamOptions<Names>{.fallback = Names{}}};
  Param<Names> regions{this, "regions", "those to read; all where none is named",
                       ParamOptions<Names>{.fallback = Names{}}};

  std::map<std::pair<Time, int>, std::vector<ScoreRow>> rows_;  // by initial time and lead

  Axes source_axes(const Plan& plan) const override { return {true, plan.each_lead(), false}; }

  std::vector<std::filesystem::path> files() const override {
    std::set<std::filesystem::path> files;
    for (const Time init : plan().inits) files.insert(path->expand(init));
    return {files.begin(), files.end()};
  }

  void open() override {
    std::set<std::string> forecasts_there, regions_there;
    for (const auto& file : files())
      for (ScoreRow& row : read_score_csv(file)) {
        if (!row.init) continue;
        forecasts_there.insert(row.forecast);
        regions_there.insert(row.region);
        if (is_one_of(*forecasts, row.forecast) && is_one_of(*regions, row.region))
          rows_[{*row.init, row.lead_hours}].push_back(std::move(row));
      }
    if (forecasts_there.empty())
      fail("{} has no scores of single initial times; csv_out writes them with each_init = true",
           path->expand(plan().inits.front()).string());
    require_there("forecasts", *forecasts, forecasts_there);
    require_there("regions", *regions, regions_there);
    for (const Time init : plan().inits)
      if (std::none_of(rows_.begin(), rows_.end(),
                       [&](const auto& each) { return each.first.first == init; }))
        fail("{} has no scores of {}; take it out of run.inits", path->expand(init).string(),
             short_time(init));
  }

  void require_there(const char* what, const Names& wanted,
                     const std::set<std::string>& there) const {
    for (const std::string& name : wanted)
      if (!there.contains(name))
        fail("{} has no {} '{}', it has {}", path->expand(plan().inits.front()).string(), what,
             name, fmt::join(there, ", "));
  }

  static bool is_one_of(const Names& names, const std::string& name) {
    return names.empty() || std::find(names.begin(), names.end(), name) != names.end();
  }

  void run(Task& task) const override {
    const auto found = rows_.find({task.init(), task.lead_hours()});
    task.send(scores, found == rows_.end() ? Scores{} : Scores{averageable_scores(found->second)});
  }

  void close() override { rows_.clear(); }
};

LADCAST_NODE(ScoresIn, "scores_in", "Reads scores from tables that csv_out wrote.");

}  // namespace
}  // namespace ladcast
