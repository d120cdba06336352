#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <set>

#include "graph/node.h"
#include "nodes/output/csv_file.h"
#include "nodes/output/csv_table.h"
#include "nodes/values/scores.h"

namespace ladcast {
namespace {

class CsvOut final : public Ordered {
  Many<Scores> scores{this, "scores", "from one node or several, side by side in one table"};
  Param<PathPattern> path{this, "path", "the file: one for all initial times"};
  Param<bool> each_init{this,
                        "each_init",
                        "also write the rows of each initial time, before the means",
                        {.fallback = true}};
  Param<std::vector<std::string>> table{
      this,
      "table",
      "scores to print by lead at the end; [] prints none",
      {.fallback = std::vector<std::string>{"rmse", "crps_fair", "spread_skill"}}};

  std::unique_ptr<CsvFile> file_;
  MeanScores means_;
  std::size_t without_truth_ = 0;  // leads
  std::size_t leads_ = 0;

 public:
  CsvOut() : Ordered(Within::plan) {}

 private:
  std::vector<Claim> claims() const override {
    return {{.pattern = *path, .holds_items = true, .holds_members = true}};
  }

  void open() override { file_ = std::make_unique<CsvFile>(path->expand(plan().inits.front())); }

  void run(Task& task) override {
    std::set<std::string> seen;
    bool any = false;
    for (const Scores* each : task.all(scores)) {
      std::set<std::string> here;
      for (const auto& row : each->rows) {
        here.insert(row.forecast);
        any |= row.count > 0;
        means_.add(row);
      }
      for (const auto& forecast : here) {
        if (!seen.insert(forecast).second)
          fail(
              "two inputs score the forecast '{}'; set 'name' of one of them, and give in.analysis "
              "and in.climatology to one only",
              forecast);
      }
      if (*each_init) file_->write(with_roots(each->rows));
    }
    ++leads_;
    if (!any) ++without_truth_;
  }

  void finish() override {
    for (const int lead : means_.leads()) file_->write(with_roots(means_.rows(lead)));
    file_->finish();
    if (!table->empty()) fmt::print("{}", score_table(shown_rows(), *table));
    if (without_truth_ > 0)
      fmt::print("{} of {} forecast leads had no truth and were left out\n", without_truth_,
                 leads_);
    std::fflush(stdout);
  }

  void close() override { file_.reset(); }

  std::vector<ScoreRow> shown_rows() const {
    std::vector<ScoreRow> all;
    for (const int lead : shown_leads(means_.leads())) {
      const auto rows = with_roots(means_.rows(lead));
      all.insert(all.end(), rows.begin(), rows.end());
    }
    return all;
  }
};

LADCAST_NODE(
    CsvOut, "csv_out",
    "Writes scores and their means over initial times as CSV, and prints a table by lead.");

}  // namespace
}  // namespace ladcast
