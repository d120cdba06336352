#include <cmath>
#include <memory>

#include "graph/node.h"
#include "nodes/health/checks.h"
#include "nodes/health/verdict.h"
#include "nodes/output/csv_file.h"
#include "nodes/values/items_in_order.h"

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

  Param<std::string> fail_on{
      this, "fail_on",
      "the verdict from which on the run ends with an error, once all nodes have written their "
      "files: any warning, failures alone, or never",
      ParamOptions<std::string>{.fallback = "never", .choices = {"warn", "fail", "never"}}};

  using Checks = std::vector<HealthCheck>;

  std::unique_ptr<CsvFile> file_;
  ItemsInOrder<Checks> items_{[this](int, const std::vector<Checks>& leads) { write(leads); }};
  std::uint64_t bytes_ = 0;
  HealthVerdict verdict_;
  std::string refusal_;  // why the run shall fail; empty where it shall not

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

  void run(Task& task) override { items_.add(task.key().item, task.get(health).checks); }
  void finish_item(int item) override { items_.complete(item); }
  void drop_item(int item) override { items_.drop(item); }

  void write(const std::vector<Checks>& leads) {
    Checks all;
    for (const Checks& checks : leads) all.insert(all.end(), checks.begin(), checks.end());
    for (const Checks& checks : {all, checks_over_leads(all)})
      for (const HealthCheck& check : checks) {
        verdict_.add(check);
        file_->write_line(line_of(check));
      }
  }

  bool keeps() const override { return true; }
  std::optional<std::string> commit(const Task& task) override {
    return to_text(task.get(health).checks);
  }
  bool restore(int item, const std::vector<Committed>& committed) override {
    for (const auto& each : committed) items_.add(item, checks_from(each.note));
    return true;
  }

  void finish() override {
    items_.finish();
    file_->finish();
    print(verdict_.text());
    const Verdict verdict = verdict_.verdict();
    if ((*fail_on == "warn" && verdict != Verdict::ok) ||
        (*fail_on == "fail" && verdict == Verdict::fail))
      refusal_ = fmt::format(
          "the forecast's health is '{}', and fail_on = \"{}\" asks for an error then; all files "
          "are written, {} says what was found",
          to_string(verdict), *fail_on, path->expand(plan().inits.front()).string());
  }

  /// All other nodes have finished by now.
  void close() override {
    file_.reset();
    if (!refusal_.empty()) fail("{}", refusal_);
  }
};

LADCAST_NODE(HealthOut, "health_out",
             "Writes the checks of a forecast's health as CSV, and prints what is wrong with it, "
             "worst first.");

}  // namespace
}  // namespace ladcast
