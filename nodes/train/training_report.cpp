#include "graph/node.h"
#include "graph/whole_file.h"
#include "nodes/report/page.h"
#include "nodes/report/run_facts.h"
#include "nodes/train/training_figures.h"

namespace ladcast {
namespace {

/// The page is written with each validation, so that a training can be looked at while it goes on.
class TrainingReport final : public Ordered {
 public:
  TrainingReport() : Ordered(Within::plan) {}

 private:
  In<TrainingStep> step{this, "step", "of a training, or of its validation"};
  Param<PathPattern> path{this, "path", "the HTML file"};
  Param<std::string> title{
      this, "title", "of the page", {.fallback = "Training report", .choices = {}}};
  Param<std::string> name{
      this, "name", "of the training, in legends", {.fallback = "this training", .choices = {}}};
  Param<std::vector<std::string>> beside{
      this,
      "beside",
      "files that training_log wrote in other runs, drawn beside this one; each is called as its "
      "folder is",
      {.fallback = std::vector<std::string>{}}};

  std::vector<LoggedTraining> trainings_;  // this one, then those beside it
  std::string last_;                       // of the last iteration, for the journal

  std::vector<Claim> claims() const override {
    constexpr std::uint64_t kPage = 1U << 20U;
    return {{.pattern = *path, .holds_items = true, .holds_members = true, .bytes = kPage}};
  }
  std::vector<std::filesystem::path> files() const override {
    return {beside->begin(), beside->end()};
  }

  void open() override {
    trainings_ = {{*name, {}}};
    for (const std::filesystem::path file : *beside) {
      const auto folder = std::filesystem::absolute(file).parent_path().filename();
      trainings_.push_back({folder.string(), read_training_log(file)});
    }
  }

  void run(Task& task) override {
    const TrainingStep& done = task.get(step);
    const auto numbers = numbers_of(done);
    last_ = to_csv(numbers);
    add(numbers);
    if (!done.validation.empty()) write();
  }

  void add(const std::vector<LoggedNumber>& numbers) {
    auto& all = trainings_.front().numbers;
    all.insert(all.end(), numbers.begin(), numbers.end());
  }

  void write() const {
    Page page{.title = *title,
              .what = what_was_run(plan()),
              .finding = training_finding(trainings_.front()),
              .verdicts = {},
              .table = training_table(trainings_),
              .sections = {{"curves", "Curves", "", training_figures(trainings_)}},
              .numbers =
                  "Below each figure are the numbers that were drawn; a training_log node "
                  "writes those of all iterations.",
              .csv_header = "",
              .provenance = run_facts(origin(), plan())};
    write_whole_file(path->expand({}), {html_page(page)});
  }
  void finish() override { write(); }

  bool keeps() const override { return true; }
  std::optional<std::string> commit(const Task&) override { return last_; }
  bool restore(int, const std::vector<Committed>& before) override {
    add(numbers_from_csv(before.back().note));
    return true;
  }
};

LADCAST_NODE(TrainingReport, "training_report",
             "Writes a page with the curves of a training, beside those of others: loss, "
             "validation, gradient, rate.");

}  // namespace
}  // namespace ladcast
