#include <fmt/ranges.h>

#include <chrono>
#include <cmath>
#include <fstream>
#include <map>

#include "graph/node.h"
#include "graph/whole_file.h"
#include "nodes/train/tensorboard.h"
#include "nodes/train/training_step.h"

namespace ladcast {
namespace {

/// A line for each number, as scores have them, so that iterations with a validation and those
/// without are of one form.
class TrainingLog final : public Ordered {
 public:
  TrainingLog() : Ordered(Within::plan) {}

 private:
  In<TrainingStep> step{this, "step", "of a training, or of its validation"};
  Param<PathPattern> path{this, "path", "CSV: iteration,epoch,name,unit,value"};
  Param<int> every{this, "every",
                   "iterations from one printed line to the next; the loss is their mean. The file "
                   "is written as often",
                   ParamOptions<int>{.fallback = 100, .min = 1}};
  Param<PathPattern> tensorboard{this,
                                 "tensorboard",
                                 "folder for the same numbers as TensorBoard reads them",
                                 {.optional = true}};

  std::map<int, std::vector<LoggedNumber>> pending_;  // by iteration, that are not in the file yet
  std::string last_;                                  // of the last iteration, for the journal
  bool begun_ = false;                                // the file is of this run
  double losses_ = 0.0, norms_ = 0.0;
  int count_ = 0, updates_ = 0;

  std::vector<Claim> claims() const override {
    std::vector<Claim> claims{{*path, true, true, 0}};
    if (tensorboard.has_value()) claims.push_back({*tensorboard, true, true, 0});
    return claims;
  }

  void run(Task& task) override {
    const TrainingStep& done = task.get(step);
    pending_[done.iteration] = numbers_of(done);
    last_ = to_csv(pending_[done.iteration]);
    losses_ += done.loss;
    ++count_;
    if (std::isfinite(done.gradient_norm)) {
      norms_ += done.gradient_norm;
      ++updates_;
    }
    if (!done.validation.empty()) print(validation_of(done));
    if (done.iteration % *every != 0) return;
    print(fmt::format("iteration {}, epoch {:.2f}: loss {:.5g}, gradient {:.3g}, rate {:.3g}\n",
                      done.iteration, done.epoch, losses_ / count_, norms_ / std::max(1, updates_),
                      done.learning_rate));
    losses_ = norms_ = 0.0;
    count_ = updates_ = 0;
    write();
  }

  static std::string validation_of(const TrainingStep& done) {
    constexpr std::size_t kShown = 6;
    std::vector<std::string> shown;
    for (std::size_t i = 0; i < std::min(kShown, done.validation.size()); ++i)
      shown.push_back(
          fmt::format("{} {:.4g}{}{}", done.validation[i].name, done.validation[i].value,
                      done.validation[i].unit.empty() ? "" : " ", done.validation[i].unit));
    return fmt::format("validation at iteration {}: {}\n", done.iteration, fmt::join(shown, ", "));
  }

  void write() {
    std::string text = begun_ ? "" : kTrainingLogHead;
    const double now =
        std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
    std::string events = begun_ ? "" : begin_events(now);
    for (const auto& [iteration, numbers] : pending_) {
      text += to_csv(numbers);
      events += to_events(numbers, now);
    }
    add(path->expand({}), text);
    if (tensorboard.has_value())
      add(tensorboard->expand({}) / "events.out.tfevents.0.ladcast-flow", events);
    begun_ = true;
    pending_.clear();
  }

  /// Begins the file anew the first time: what a broken run left may be torn.
  void add(const std::filesystem::path& file, const std::string& bytes) const {
    if (!begun_)
      write_whole_file(file, {bytes});
    else if (!(std::ofstream(file, std::ios::app) << bytes << std::flush))
      fail("cannot write to {}; is the disk full?", file.string());
  }
  void finish() override { write(); }
  /// A run that fails does not come to its end; its last numbers tell why.
  void close() override {
    if (!pending_.empty()) write();
  }

  bool keeps() const override { return true; }
  std::optional<std::string> commit(const Task&) override { return last_; }
  bool restore(int item, const std::vector<Committed>& before) override {
    pending_[item + 1] = numbers_from_csv(before.back().note);
    return true;
  }
};

LADCAST_NODE(TrainingLog, "training_log",
             "Writes losses and validations of a training as CSV, and prints how it goes.");

}  // namespace
}  // namespace ladcast
