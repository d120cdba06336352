#include <fmt/format.h>

#include "graph/node.h"
#include "graph/whole_file.h"
#include "nodes/report/comparison_figure.h"
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
    if (figure.has_value()) write(*figure, svg_file(comparison_figure(comparison, view, *title)));
    print(scorecard_table(comparison, view));
  }

  void write(const PathPattern& pattern, const std::string& text) const {
    write_whole_file(pattern.expand(plan().inits.front()), {text});
  }
};

LADCAST_NODE(ScorecardOut, "scorecard_out",
             "Compares the scores of two runs with tests of significance, as a table.");

}  // namespace
}  // namespace ladcast
