#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "graph/node.h"
#include "nodes/output/csv_file.h"
#include "nodes/output/csv_table.h"
#include "nodes/values/scores.h"
#include "nodes/verify/collected_scores.h"
#include "nodes/verify/published_scores.h"

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
  CollectedScores collected_{[this](int, const CollectedScores::Item& keys) { write(keys); }};
  std::uint64_t bytes_ = 0;
  std::size_t without_truth_ = 0;  // leads
  std::size_t leads_ = 0;

 public:
  CsvOut() : Ordered(Within::plan) {}

 private:
  std::vector<Claim> claims() const override {
    return {{.pattern = *path, .holds_items = true, .holds_members = true, .bytes = bytes_}};
  }
  void shape(Shape& shape) override {
    constexpr std::uint64_t kLine = 90;
    const Spec& spec = shape.in(scores);
    bytes_ = spec.bytes / sizeof(ScoreRow) * kLine *
             static_cast<std::uint64_t>(shape.plan().count(spec.axes));
  }

  void open() override { file_ = std::make_unique<CsvFile>(path->expand(plan().inits.front())); }

  void run(Task& task) override { collected_.add(task.key().item, joined(task.all(scores))); }
  void finish_item(int item) override { collected_.complete(item); }
  /// What was scored before the item failed is not a whole forecast's.
  void drop_item(int item) override { collected_.drop(item); }

  void write(const CollectedScores::Item& keys) {
    for (const auto& rows : keys) {
      if (*each_init) file_->write(published_scores(rows));
      ++leads_;
      if (std::none_of(rows.begin(), rows.end(), [](const auto& row) { return row.count > 0; }))
        ++without_truth_;
    }
  }

  bool keeps() const override { return true; }
  std::optional<std::string> commit(const Task& task) override {
    return to_text(collected_.last(task.key().item));
  }
  bool restore(int item, const std::vector<Committed>& committed) override {
    for (const auto& each : committed) collected_.add(item, rows_from(each.note));
    return true;
  }

  void finish() override {
    collected_.finish();
    const MeanScores& means = collected_.means();
    for (const int lead : means.leads()) file_->write(published_scores(means.rows(lead)));
    file_->finish();
    const auto rows = published_scores(means.rows());
    std::vector<ScoreRow> missing;
    for (const int lead : means.leads()) append_published(missing, means.missing(lead));
    if (!table->empty()) print(score_table(shown_rows(), *table));
    if (names_scores()) print(unknown_scores(rows, *table));
    print(partly_scored(rows, plan().members()));
    print(unscored(missing));
    if (without_truth_ > 0)
      print(fmt::format("{} of {} forecast leads had no truth and were left out\n", without_truth_,
                        leads_));
  }

  void close() override { file_.reset(); }

  std::vector<ScoreRow> shown_rows() const {
    const MeanScores& means = collected_.means();
    std::vector<ScoreRow> all;
    for (const int lead : shown_leads(means.leads())) {
      append_published(all, means.rows(lead));
      append_published(all, means.missing(lead));
    }
    return all;
  }

  static void append_published(std::vector<ScoreRow>& all, const std::vector<ScoreRow>& rows) {
    for (ScoreRow& row : published_scores(rows)) all.push_back(std::move(row));
  }

  /// Whether the pipeline names the scores to print: the default has some that not all forecasts
  /// have.
  bool names_scores() const { return table.position().source != nullptr; }
};

LADCAST_NODE(
    CsvOut, "csv_out",
    "Writes scores and their means over initial times as CSV, and prints a table by lead.");

}  // namespace
}  // namespace ladcast
