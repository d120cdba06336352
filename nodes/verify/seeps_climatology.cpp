#include "graph/node.h"
#include "nodes/ingest/cf_files.h"
#include "nodes/ingest/zarr_file.h"
#include "nodes/values/fields_payload.h"
#include "nodes/values/model_param.h"
#include "nodes/verify/daily_climatology.h"
#include "nodes/verify/seeps.h"

namespace ladcast {
namespace {

/// As WeatherBench 2's SEEPS takes it: the dry part is the mean over all hours and days of the
/// year, the limit that of the valid time.
class SeepsClimatology final : public Node {
  Out<Fields> fields{this, "fields",
                     "for each valid time of the plan the part of dry times (the mean over all "
                     "hours and days of the year, one map) and the limit of heavy precipitation "
                     "(of the hour and day)"};
  Param<InputFiles> path{this, "path",
                         "NetCDF file or Zarr store by hour and day of the year that has "
                         "NAME_seeps_dry_fraction and NAME_seeps_threshold, as WeatherBench 2 "
                         "publishes them"};
  Param<std::string> precipitation{
      this,
      "precipitation",
      "the variable, NAME",
      {.fallback = "total_precipitation_6hr",
       .choices = {"total_precipitation_6hr", "total_precipitation_24hr"}}};
  Param<Model> model{this, "model", "model on whose grid the file must be; else it has any",
                     ParamOptions<Model>{.optional = true}};

  Grid grid_;
  std::optional<DailyClimatology> limits_;
  Fields dry_;

 public:
  SeepsClimatology() { on_process_lane("netcdf"); }

 private:
  Axes source_axes(const Plan& plan) const override { return {true, plan.each_lead(), false}; }

  void shape(Shape& shape) override try {
    grid_ = opened(kSeepsThreshold).grid();
    opened(kSeepsDryFraction);
    describe_fields(shape.out(fields), described(), grid_, false, 1, 1);
  } catch (const Error& error) {
    shape.error(path, error.what(), "'ladcast-flow inspect FILE' tells what a file holds");
  }

  /// The maps of one of the two variables.
  DailyClimatology opened(std::string_view suffix) const {
    const std::string name = *precipitation + std::string(suffix);
    const auto file = open_cf(path->text);
    const CfVariable* variable = file->find(name);
    if (variable == nullptr)
      fail(
          "{} has no variable '{}'; a climatology in WeatherBench 2's layout that was made for "
          "SEEPS has it",
          path->text, name);
    const std::string units = file->text(*variable, "units");
    if (suffix == kSeepsThreshold && units != "m" && !units.empty())
      fail("'{}' in {} has units '{}', not m", name, path->text, units);
    return {path->text,
            {{name, {}, units}},
            model.has_value() ? std::optional(model->grid) : std::nullopt};
  }

  std::vector<Channel> described() const {
    return {{*precipitation + std::string(kSeepsDryFraction), {}, "1"},
            {*precipitation + std::string(kSeepsThreshold), {}, "m"}};
  }

  Memory memory() const override {
    return {.resident =
                grid_.points() * sizeof(float) +
                (std::filesystem::is_directory(path->text) ? ZarrGroup::kMostKeptBytes : 0)};
  }
  std::vector<std::filesystem::path> files() const override {
    return identifying_files(path->text);
  }

  void open() override {
    limits_.emplace(opened(kSeepsThreshold));
    std::vector<Time> valid;
    for (const Time init : plan().inits)
      for (int lead = 1; lead <= plan().leads; ++lead)
        valid.push_back(init + std::chrono::hours{plan().lead_hours(lead)});
    limits_->require(valid);
    dry_ = opened(kSeepsDryFraction).mean();
  }

  void run(Task& task) const override {
    Fields both = limits_->at(task.init(), task.lead_hours());
    both.channels = described();
    both.values.insert(both.values.begin(), dry_.values.begin(), dry_.values.end());
    task.send(fields, std::move(both));
  }

  void close() override { limits_.reset(); }
};

LADCAST_NODE(SeepsClimatology, "seeps_climatology",
             "Emits what the score SEEPS needs to know of the climate at each valid time.");

}  // namespace
}  // namespace ladcast
