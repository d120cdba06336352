#include <sstream>

#include "graph/node.h"
#include "graph/text.h"
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
  Many<TrainingStep> steps{this, "steps", "of trainings, or of their validations"};
  Param<PathPattern> path{this, "path", "the HTML file"};
  Param<std::vector<std::string>> names{this,
                                        "names",
                                        "what the trainings are called, in the order of in",
                                        {.fallback = std::vector<std::string>{"training"}}};
  Param<std::string> title{
      this, "title", "of the page", {.fallback = "Training report", .choices = {}}};

  std::vector<LoggedTraining> trainings_;
  std::string last_;  // of the last iteration, for the journal

  // Between the trainings in a note.
  static constexpr char kSeparator = '\x1d';

  std::vector<Claim> claims() const override {
    constexpr std::uint64_t kPage = 1U << 20U;
    return {{.pattern = *path, .holds_items = true, .holds_members = true, .bytes = kPage}};
  }

  void open() override {
    trainings_.clear();
    for (const auto& name : *names) trainings_.push_back({name, {}});
  }

  void run(Task& task) override {
    last_.clear();
    bool validated = false;
    const auto all = task.all(steps);
    if (all.size() != names->size())
      fail("`in.steps` has {} and `names` has {}: give each training a name, in their order",
           format_count(static_cast<std::int64_t>(all.size()), "training"),
           format_count(static_cast<std::int64_t>(names->size()), "name"));
    for (std::size_t i = 0; i < all.size(); ++i) {
      const auto numbers = numbers_of(*all[i]);
      if (i > 0) last_ += kSeparator;
      last_ += to_csv(numbers);
      add(i, numbers);
      validated = validated || !all[i]->validation.empty();
    }
    if (validated) write();
  }

  void add(std::size_t training, const std::vector<LoggedNumber>& numbers) {
    auto& all = trainings_[training].numbers;
    all.insert(all.end(), numbers.begin(), numbers.end());
  }

  void write() const {
    Page page{.title = *title,
              .what = what_was_run(plan()),
              .finding = trainings_.size() == 1 ? training_finding(trainings_.front()) : "",
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
    std::istringstream note(before.back().note);
    std::string lines;
    for (std::size_t i = 0; std::getline(note, lines, kSeparator); ++i)
      add(i, numbers_from_csv(lines));
    return true;
  }
};

LADCAST_NODE(
    TrainingReport, "training_report",
    "Writes a page with the curves of a training, or of several beside each other: losses, "
    "validations, gradients, rates.");

}  // namespace
}  // namespace ladcast
