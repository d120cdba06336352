#include <fmt/format.h>

#include <map>
#include <memory>
#include <set>

#include "graph/node.h"
#include "nodes/output/csv_file.h"
#include "nodes/output/csv_table.h"
#include "nodes/values/scores.h"
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

  /// The rows of an item by its keys; they are written once the item and all before it are
  /// complete.
  struct Item {
    std::vector<std::vector<ScoreRow>> keys;
    bool complete = false;
  };

  std::unique_ptr<CsvFile> file_;
  std::map<int, Item> items_;
  int next_ = 0;  // the first item that is not written
  std::uint64_t bytes_ = 0;
  MeanScores means_;
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

  void run(Task& task) override {
    std::set<std::string> seen;
    std::vector<ScoreRow> rows;
    for (const Scores* each : task.all(scores)) {
      std::set<std::string> here;
      for (const auto& row : each->rows) here.insert(row.forecast);
      rows.insert(rows.end(), each->rows.begin(), each->rows.end());
      for (const auto& forecast : here) {
        if (!seen.insert(forecast).second)
          fail(
              "two inputs score the forecast '{}'; set 'name' of one of them, and give in.analysis "
              "and in.climatology to one only",
              forecast);
      }
    }
    items_[task.key().item].keys.push_back(std::move(rows));
  }

  void finish_item(int item) override {
    items_[item].complete = true;
    for (; items_.contains(next_) && items_.at(next_).complete; ++next_) write(next_);
  }
  /// What was scored before the item failed is not a whole forecast's.
  void drop_item(int item) override { items_[item] = {{}, true}; }

  void write(int item) {
    for (const auto& rows : items_.at(item).keys) {
      bool any = false;
      for (const auto& row : rows) {
        any |= row.count > 0;
        means_.add(row);
      }
      if (*each_init) file_->write(published_scores(rows));
      ++leads_;
      if (!any) ++without_truth_;
    }
    items_.erase(item);
  }

  bool keeps() const override { return true; }
  std::optional<std::string> commit(const Task& task) override {
    return to_text(items_.at(task.key().item).keys.back());
  }
  bool restore(int item, const std::vector<Committed>& committed) override {
    for (const auto& each : committed) items_[item].keys.push_back(rows_from(each.note));
    return true;
  }

  void finish() override {
    while (!items_.empty()) write(items_.begin()->first);
    for (const int lead : means_.leads()) file_->write(published_scores(means_.rows(lead)));
    file_->finish();
    if (!table->empty()) print(score_table(shown_rows(), *table));
    if (without_truth_ > 0)
      print(fmt::format("{} of {} forecast leads had no truth and were left out\n", without_truth_,
                        leads_));
  }

  void close() override { file_.reset(); }

  std::vector<ScoreRow> shown_rows() const {
    std::vector<ScoreRow> all;
    for (const int lead : shown_leads(means_.leads())) {
      const auto rows = published_scores(means_.rows(lead));
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
