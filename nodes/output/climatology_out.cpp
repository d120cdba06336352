#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <set>

#include "graph/node.h"
#include "nodes/output/climatology_file.h"
#include "nodes/output/provenance.h"
#include "nodes/values/fields_payload.h"
#include "nodes/verify/climatology_sums.h"

namespace ladcast {
namespace {

/// The window and its weights are those of WeatherBench 2's compute_hourly_stat. Two things differ:
/// a missing value is left out, where that takes day 365 of its year instead; and there is a day
/// 366 even if no year has one.
///
/// The file is written at the end. A run that was broken off and goes on takes all analyses again.
class ClimatologyOut final : public Ordered {
  using Slot = ClimatologySums::Slot;

  In<Fields> fields{this, "fields", "analyses of the plan's initial times, of many years"};
  Param<PathPattern> path{this, "path", "the NetCDF file: one for all initial times"};
  Param<int> window_days{this, "window_days",
                         "days over which means are taken, with weights that fall linearly from "
                         "the middle to 0 at both ends; odd",
                         ParamOptions<int>{.fallback = 61, .unit = "days", .min = 3, .max = 365}};
  Param<bool> deviation{this, "deviation", "also the standard deviation, as NAME_std",
                        ParamOptions<bool>{.fallback = false}};

  std::vector<Channel> channels_;
  Grid grid_;
  std::vector<std::string> history_;
  std::set<Slot> slots_;  // of the plan
  std::set<int> hours_;
  std::size_t points_ = 0;
  std::unique_ptr<ClimatologySums> sums_;
  std::unique_ptr<ClimatologyFile> file_;
  std::set<Time> added_;
  std::uint64_t values_ = 0, missing_ = 0;

 public:
  ClimatologyOut() : Ordered(Within::plan) { on_process_lane("netcdf"); }

 private:
  void shape(Shape& shape) override {
    const Spec& spec = shape.in(fields);
    const Plan& plan = shape.plan();
    if (!spec.axes.leads.empty() || spec.axes.batch)
      shape.error(fields, "a climatology is made of analyses, not of forecasts",
                  "read the analyses with at = \"init\", and name their times in run.inits");
    if (spec.normalised)
      shape.error(fields, "a climatology holds physical values, and these are normalised",
                  "take the fields before 'normalise'");
    if (*window_days % 2 == 0)
      shape.error(window_days,
                  fmt::format("a window of {} days has no day in the middle", *window_days),
                  fmt::format("write window_days = {}", *window_days + 1));
    if (path->has("init") || path->has("member") || path->has("lead"))
      shape.error(path, "one file holds the whole climatology",
                  "leave {init}, {member} and {lead} out of the path");
    for (const Time init : plan.inits) {
      if (init.time_since_epoch() % std::chrono::hours{1} != std::chrono::seconds{0}) {
        shape.error(fields, fmt::format("{} is not on the hour", short_time(init)),
                    "take initial times of full hours");
        break;
      }
      for (const Slot& slot : ClimatologySums::slots_of(init)) slots_.insert(slot);
    }
    for (const Slot& slot : slots_) hours_.insert(slot.first);
    channels_ = channels_of(spec);
    history_ = spec.history;
    points_ = 1;
    for (const std::size_t length : spec.shape) points_ *= length;
  }

  Memory memory() const override {
    return {.resident =
                ClimatologySums::bytes(slots_.size(), channels_.size(), points_, *deviation)};
  }
  std::vector<Claim> claims() const override {
    constexpr std::uint64_t kDays = 366;
    const std::uint64_t maps = hours_.size() * kDays * channels_.size() * (*deviation ? 2 : 1);
    return {{*path, true, true, maps * points_ * sizeof(float)}};
  }

  void run(Task& task) override {
    const Fields& analysis = task.get(fields);
    if (analysis.members.empty()) return;  // a time that was not there
    if (analysis.members.size() != 1 || analysis.lead_hours.size() != 1)
      fail("{} members and {} leads are no analysis", analysis.members.size(),
           analysis.lead_hours.size());
    if (!file_) create(analysis);
    if (analysis.grid != grid_ || analysis.channels != channels_)
      fail("the analysis of {} has another grid or other channels than those before it",
           short_time(task.init()));
    sums_->add(analysis);
    added_.insert(task.init());
    values_ += analysis.values.size();
    for (const float value : analysis.values) missing_ += std::isnan(value) ? 1U : 0U;
  }

  /// Before the first analysis of years is added: a path that cannot be written shows here.
  void create(const Fields& first) {
    sums_ =
        std::make_unique<ClimatologySums>(first.channels.size(), first.grid.points(), *deviation);
    grid_ = first.grid;
    channels_ = first.channels;
    auto texts = provenance(origin(), history_, {});
    texts["Conventions"] = "CF-1.8";
    texts["title"] = "Climatology by hour and day of the year";
    texts["window_days"] = std::to_string(*window_days);
    const auto [earliest, latest] = std::minmax_element(plan().inits.begin(), plan().inits.end());
    file_ = std::make_unique<ClimatologyFile>(path->expand({}),
                                              ClimatologyFileSpec{first.grid,
                                                                  first.channels,
                                                                  {hours_.begin(), hours_.end()},
                                                                  *deviation,
                                                                  *earliest,
                                                                  *latest,
                                                                  std::move(texts)});
  }

  void finish() override {
    if (!file_) fail("{}: none of the {} analyses is there", path->text, plan().items());
    std::vector<float> mean(grid_.points()), spread(*deviation ? grid_.points() : 0);
    for (const int hour : hours_) {
      for (int day = 1; day <= 366; ++day) file_->write_count(hour, day, sums_->count({hour, day}));
      for (std::size_t c = 0; c < channels_.size(); ++c)  // the days of one share a window
        for (int day = 1; day <= 366; ++day) {
          if (!sums_->smooth({hour, day}, c, *window_days, mean, spread)) continue;
          file_->write(hour, day, channels_[c], false, mean);
          if (*deviation) file_->write(hour, day, channels_[c], true, spread);
        }
    }
    file_->finish();
    print(summary());
  }

  void close() override {
    file_.reset();
    sums_.reset();
  }

  std::string summary() const {
    constexpr std::size_t kShown = 10;
    std::string text =
        fmt::format("{}: climatology of {} analyses, {} to {}", path->text, added_.size(),
                    short_time(*added_.begin()), short_time(*added_.rbegin()));
    if (missing_ > 0)
      text += fmt::format("; {} of {} values were missing and left out", missing_, values_);
    std::vector<std::string> absent;
    for (const Time init : plan().inits)
      if (!added_.contains(init)) absent.push_back(short_time(init));
    if (const std::size_t count = absent.size(); count > 0) {
      absent.resize(std::min(count, kShown));
      text += fmt::format("; {} were absent: {}{}", count, fmt::join(absent, ", "),
                          count > kShown ? ", …" : "");
    }
    return text + "\n";
  }
};

LADCAST_NODE(ClimatologyOut, "climatology_out",
             "Writes the climatology of the analyses of years by hour and day of the year as "
             "NetCDF, in WeatherBench 2's layout.");

}  // namespace
}  // namespace ladcast
