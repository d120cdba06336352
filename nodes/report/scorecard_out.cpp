#include <fmt/ranges.h>

#include <set>

#include "graph/node.h"
#include "graph/whole_file.h"
#include "nodes/report/comparison_figure.h"
#include "nodes/report/score_selection.h"
#include "nodes/report/wanted.h"
#include "nodes/values/scores.h"
#include "nodes/verify/published_scores.h"
#include "nodes/verify/scorecard.h"

namespace ladcast {
namespace {

class ScorecardOut final : public Ordered {
  In<Scores> run_scores{this, "run", "of the run that is judged"};
  In<Scores> reference{this, "reference", "of the run that it is compared with"};
  Param<PathPattern> path{this, "path",
                          "the table: a line for each score, region, channel and lead"};
  Param<std::string> run_forecast{
      this, "run_forecast", "the forecast of the run's rows", {.fallback = "model", .choices = {}}};
  Param<std::string> reference_forecast{this,
                                        "reference_forecast",
                                        "the forecast of the reference's rows",
                                        {.fallback = "model", .choices = {}}};
  Param<double> alpha{
      this, "alpha",
      "level of a single test; over all cells the false discovery rate is kept at twice that",
      ParamOptions<double>{.fallback = 0.05, .min = 1e-6, .max = 0.5}};

  Param<PathPattern> figure{this, "figure", "an .svg file of it", {.optional = true}};
  Param<std::string> title{
      this, "title", "of the figure", {.fallback = "The run against its reference", .choices = {}}};
  Param<std::vector<std::string>> shown_scores{
      this,
      "scores",
      "to print and to draw, of the first region; the table has all",
      {.fallback = std::vector<std::string>{"rmse", "crps_fair"}}};
  Param<std::vector<int>> shown_leads{
      this,
      "leads",
      "to print and to draw; those that were scored are shown",
      {.fallback = std::vector<int>{6, 24, 48, 72, 120, 240, 360}, .unit = "h"}};

  std::vector<ScoreRow> run_rows_, reference_rows_;

 public:
  ScorecardOut() : Ordered(Within::plan) {}

 private:
  std::vector<Claim> claims() const override {
    std::vector<Claim> claims{
        {.pattern = *path, .holds_items = true, .holds_members = true, .bytes = 1U << 20U}};
    if (figure.has_value()) {
      claims.push_back(claims.front());
      claims.back().pattern = *figure;
    }
    return claims;
  }

  void shape(Shape& shape) override { require_steps(shape, shown_leads); }

  void run(Task& task) override {
    const auto append = [](std::vector<ScoreRow>& rows, const Scores& scores) {
      for (ScoreRow& row : published_scores(scores.rows)) rows.push_back(std::move(row));
    };
    append(run_rows_, task.get(run_scores));
    append(reference_rows_, task.get(reference));
  }

  void finish() override {
    const auto comparison =
        compare_runs(run_rows_, reference_rows_, {*run_forecast, *reference_forecast, *alpha});
    const ScorecardView view{*shown_scores, *shown_leads};
    write(*path, scorecard_csv(comparison));
    require_shown(comparison, view);
    if (figure.has_value()) write(*figure, svg_file(comparison_figure(comparison, view, *title)));
    print(scorecard_table(comparison, view));
  }

  /// Says what is asked for and not there. Throws Error where nothing is left.
  void require_shown(const RunComparison& comparison, const ScorecardView& view) const {
    std::vector<std::string> scores;
    std::set<int> leads;
    bool any = false;
    for (const ComparedScore& cell : comparison.cells) {
      add_once(scores, cell.name.score);
      leads.insert(cell.name.lead_hours);
      any = any || view.shows(comparison, cell);
    }
    if (!any)
      fail(
          "nothing is shown of the comparison: it has the scores {} at {}, and scores = {}, "
          "leads = {}; {} is written",
          fmt::join(scores, ", "), fmt::join(lead_names({leads.begin(), leads.end()}), ", "),
          shown_scores.shown(), shown_leads.shown(), path->expand(plan().inits.front()).string());
    for (const auto& line :
         {is_set(shown_scores) ? absent_names("scores", *shown_scores, scores) : "",
          is_set(shown_leads) ? absent_leads("leads", *shown_leads, leads) : ""})
      if (!line.empty()) print(line + '\n');
  }

  void write(const PathPattern& pattern, const std::string& text) const {
    write_whole_file(pattern.expand(plan().inits.front()), {text});
  }
};

LADCAST_NODE(ScorecardOut, "scorecard_out",
             "Compares the scores of two runs with tests of significance, as a table.");

}  // namespace
}  // namespace ladcast
