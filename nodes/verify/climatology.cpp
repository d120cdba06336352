#include <algorithm>
#include <set>

#include "graph/node.h"
#include "nodes/ingest/cf_files.h"
#include "nodes/ingest/zarr_file.h"
#include "nodes/values/fields_payload.h"
#include "nodes/values/model_param.h"
#include "nodes/verify/climate_channels.h"
#include "nodes/verify/climatology_terms.h"
#include "nodes/verify/daily_climatology.h"

namespace ladcast {
namespace {

class Climatology final : public Node {
  Out<Fields> fields{this, "fields", "physical units, one for each valid time of the plan"};
  Param<Model> model{this, "model",
                     "model folder or name: its channels, and its climatology file where no path "
                     "is given",
                     ParamOptions<Model>{.optional = true}};
  Param<InputFiles> path{this, "path",
                         "NetCDF file or Zarr store by hour and day of the year, as "
                         "WeatherBench 2 publishes and climatology_out writes them",
                         ParamOptions<InputFiles>{.optional = true}};
  Param<std::vector<std::string>> channels{
      this, "channels",
      "channels to read from path instead of the model's, as \"2m_temperature\" or \"geopotential "
      "500\"; then on the grid of the file",
      ParamOptions<std::vector<std::string>>{.optional = true}};
  Param<std::string> missing{
      this,
      "missing",
      "what to do with a model that has no climatology: stop, or send fields "
      "without members, which scores leaves out",
      {.fallback = "error", .choices = {"error", "skip"}}};

  Grid grid_;
  std::optional<ClimatologyTerms> terms_;
  std::optional<DailyClimatology> daily_;

 public:
  Climatology() { on_process_lane("netcdf"); }

 private:
  Axes source_axes(const Plan& plan) const override { return {true, plan.each_lead(), false}; }

  void shape(Shape& shape) override {
    if (channels.has_value() && !path.has_value())
      shape.error(channels, "the channels have no path to be read from",
                  "add path = \"…\", or leave channels out");
    else if (!channels.has_value() && !model.has_value())
      shape.error(path, "neither model nor channels say what to read",
                  "add model = \"…\", or a path and channels = [\"geopotential 500\", …]");
    else if (!path.has_value() && model->climatology.empty() && *missing == "error")
      shape.error(model, fmt::format("model '{}' has no climatology", model->name),
                  "set missing = \"skip\", leave the node out, give a path, or name a file under "
                  "[climatology] in its model.toml");
    else
      describe(shape);
  }

  void describe(Shape& shape) try {
    const auto wanted = climate_channels(channels, model);
    grid_ =
        channels.has_value() ? CfFields(open_cf(path->text)).grid_of(wanted.front()) : model->grid;
    describe_fields(shape.out(fields), wanted, grid_, false, 1, 1);
  } catch (const Error& error) {
    shape.error(channels, error.what(), "'ladcast-flow inspect FILE' tells what a file holds");
  }

  Memory memory() const override {
    const bool store = path.has_value() && std::filesystem::is_directory(path->text);
    return {.resident = store ? ZarrGroup::kMostKeptBytes : 0};
  }

  std::vector<std::filesystem::path> files() const override {
    auto files = model.has_value() ? model->files() : std::vector<std::filesystem::path>{};
    if (path.has_value())
      for (auto& file : identifying_files(path->text)) files.push_back(std::move(file));
    return files;
  }

  void open() override {
    if (path.has_value()) {
      daily_.emplace(path->text, climate_channels(channels, model), grid_);
      const auto valid = valid_times();
      daily_->require(valid);
      warn_of_overlap(valid);
    } else if (!model->climatology.empty()) {
      terms_ = ClimatologyTerms::read(model->climatology, model->channels, model->grid);
    }
  }

  std::vector<Time> valid_times() const {
    std::set<Time> valid;
    for (const Time init : plan().inits)
      for (int lead = 1; lead <= plan().leads; ++lead)
        valid.insert(init + std::chrono::hours{plan().lead_hours(lead)});
    return {valid.begin(), valid.end()};
  }

  /// A climatology that holds the truth makes itself look good, and the forecast worse beside it.
  void warn_of_overlap(const std::vector<Time>& valid) const {
    const auto made_of = daily_->analyses();
    if (!made_of) return;
    const auto [first, last] = *made_of;
    const auto within = std::count_if(
        valid.begin(), valid.end(), [&](const Time time) { return first <= time && time <= last; });
    if (within > 0)
      print(fmt::format(
          "warning: {} is made of analyses of {} to {}, and {} of the {} valid times of this run "
          "are among them; scores against it need one of other years\n",
          path->text, short_time(first), short_time(last), within, valid.size()));
  }

  void run(Task& task) const override {
    if (daily_) return task.send(fields, daily_->at(task.init(), task.lead_hours()));
    const Fields none{model->grid, model->channels, task.init(), {task.lead_hours()},
                      {},          false,           {}};
    task.send(fields, terms_ ? terms_->at(task.init(), task.lead_hours()) : none);
  }

  void close() override {
    terms_.reset();
    daily_.reset();
  }
};

LADCAST_NODE(Climatology, "climatology", "Emits the climatological mean of each valid time.");

}  // namespace
}  // namespace ladcast
