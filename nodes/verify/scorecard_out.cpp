#include <fmt/format.h>

#include "graph/node.h"
#include "graph/whole_file.h"
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

  std::vector<ScoreRow> run_rows_, reference_rows_;

 public:
  ScorecardOut() : Ordered(Within::plan) {}

 private:
  std::vector<Claim> claims() const override {
    return {{.pattern = *path, .holds_items = true, .holds_members = true, .bytes = 1U << 20U}};
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
    write_whole_file(path->expand(plan().inits.front()), {scorecard_csv(comparison)});
    print(scorecard_table(comparison));
  }
};

LADCAST_NODE(ScorecardOut, "scorecard_out",
             "Compares the scores of two runs with tests of significance, as a table.");

}  // namespace
}  // namespace ladcast
