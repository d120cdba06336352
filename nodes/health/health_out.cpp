#include <cmath>
#include <map>
#include <memory>

#include "graph/node.h"
#include "nodes/health/collapse.h"
#include "nodes/health/verdict.h"
#include "nodes/output/csv_file.h"

namespace ladcast {
namespace {

constexpr const char* kHeader =
    "init,lead_hours,signature,measure,variable,level,member,where,value,lower,upper,verdict,"
    "advice";

std::string cell(double value) {
  return std::isfinite(value) ? fmt::format("{:.6g}", value)
                              : (std::isinf(value) && value > 0 ? "inf" : "");
}
std::string bound(double value) { return std::isfinite(value) ? cell(value) : ""; }
std::string cell(const std::optional<int>& number) { return number ? std::to_string(*number) : ""; }

std::string line_of(const HealthCheck& check) {
  return fmt::format("{},{},{},{},{},{},{},{},{},{},{},{},{}", format_time(check.init),
                     check.lead_hours, to_string(check.signature), csv_text(check.measure),
                     csv_text(check.channel.name), cell(check.channel.level), cell(check.member),
                     csv_text(check.where), cell(check.value), bound(check.lower),
                     bound(check.upper), to_string(check.verdict), csv_text(check.advice));
}

class HealthOut final : public Ordered {
  In<Health> health{this, "health", "from 'health'"};
  Param<PathPattern> path{this, "path", "the file: one for all initial times"};

  /// The checks of an item; they are written once the item and all before it are complete.
  struct Item {
    std::vector<HealthCheck> checks;
    bool complete = false;
  };

  std::unique_ptr<CsvFile> file_;
  std::map<int, Item> items_;
  int next_ = 0;  // the first item that is not written
  std::uint64_t bytes_ = 0;
  HealthVerdict verdict_;

 public:
  HealthOut() : Ordered(Within::plan) {}

 private:
  std::vector<Claim> claims() const override {
    return {{.pattern = *path, .holds_items = true, .holds_members = true, .bytes = bytes_}};
  }
  void shape(Shape& shape) override {
    constexpr std::uint64_t kLine = 120;
    const Spec& spec = shape.in(health);
    bytes_ = spec.bytes / sizeof(HealthCheck) * kLine *
             static_cast<std::uint64_t>(shape.plan().count(spec.axes));
  }

  void open() override {
    file_ = std::make_unique<CsvFile>(path->expand(plan().inits.front()), kHeader);
  }

  void run(Task& task) override {
    const auto& checks = task.get(health).checks;
    auto& item = items_[task.key().item].checks;
    item.insert(item.end(), checks.begin(), checks.end());
  }

  void finish_item(int item) override {
    items_[item].complete = true;
    for (; items_.contains(next_) && items_.at(next_).complete; ++next_) write(next_);
  }
  /// What was checked before the item failed is not a whole forecast's.
  void drop_item(int item) override { items_[item] = {{}, true}; }

  void write(int item) {
    const auto& checks = items_.at(item).checks;
    for (const auto& each : {checks, check_falling_spread(checks)})
      for (const auto& check : each) {
        verdict_.add(check);
        file_->write_line(line_of(check));
      }
    items_.erase(item);
  }

  bool keeps() const override { return true; }
  std::optional<std::string> commit(const Task& task) override {
    return to_text(task.get(health).checks);
  }
  bool restore(int item, const std::vector<Committed>& committed) override {
    for (const auto& each : committed) {
      const auto checks = checks_from(each.note);
      items_[item].checks.insert(items_[item].checks.end(), checks.begin(), checks.end());
    }
    return true;
  }

  void finish() override {
    while (!items_.empty()) write(items_.begin()->first);
    file_->finish();
    print(verdict_.text());
  }

  void close() override { file_.reset(); }
};

LADCAST_NODE(HealthOut, "health_out",
             "Writes the checks of a forecast's health as CSV, and prints what is wrong with it, "
             "worst first.");

}  // namespace
}  // namespace ladcast
