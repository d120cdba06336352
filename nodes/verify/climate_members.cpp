#include <map>
#include <set>

#include "graph/node.h"
#include "nodes/ingest/cf_files.h"
#include "nodes/ingest/zarr_file.h"
#include "nodes/values/fields_payload.h"
#include "nodes/values/model_param.h"
#include "nodes/verify/climate_channels.h"
#include "nodes/verify/day_of_year.h"

namespace ladcast {
namespace {

/// WeatherBench 2's make_probabilistic_climatology, which leaves day 366 of a common year missing.
class ClimateMembers final : public Node {
  Out<Fields> fields{this, "fields",
                     "physical units, for each valid time of the plan a member of each other year, "
                     "whose number is the year"};
  Param<InputFiles> path{this, "path",
                         "NetCDF files or Zarr stores of analyses, several with * and ?; may name "
                         "{init}, the time of the analysis"};
  Param<Model> model{this, "model", "model whose channels are read, on its grid",
                     ParamOptions<Model>{.optional = true}};
  Param<std::vector<std::string>> channels{
      this, "channels",
      "channels to read instead of the model's, as \"2m_temperature\" or \"geopotential 500\"; "
      "then on the grid of the files",
      ParamOptions<std::vector<std::string>>{.optional = true}};
  Param<int> first_year{this, "first_year", "of those whose analyses are members"};
  Param<int> last_year{this, "last_year", "of those whose analyses are members"};
  Param<std::string> missing{
      this,
      "missing",
      "what to do where the files lack an analysis: stop, or do without that member",
      {.fallback = "error", .choices = {"error", "skip"}}};

  Grid grid_;
  std::unique_ptr<const FieldFiles> files_;  // where one path holds all times
  std::set<Time> there_;                     // of the analyses that are needed

 public:
  ClimateMembers() { on_process_lane("netcdf"); }

 private:
  Axes source_axes(const Plan& plan) const override { return {true, plan.each_lead(), false}; }

  void shape(Shape& shape) override {
    if (!model.has_value() && !channels.has_value())
      shape.error(path, "neither model nor channels say what to read",
                  "add model = \"…\", or channels = [\"geopotential 500\", …]");
    else if (others(valid_times(shape.plan())).empty())
      shape.error(
          last_year,
          fmt::format("{} to {} holds no year but the valid time's own", *first_year, *last_year),
          "take a first_year and a last_year further apart");
    else
      describe(shape);
  }

  void describe(Shape& shape) try {
    const auto wanted = climate_channels(channels, model);
    grid_ = channels.has_value() ? grid_of_files(shape.plan(), wanted.front()) : model->grid;
    std::size_t most = 0;
    for (const Time valid : valid_times(shape.plan()))
      most = std::max(most, others({valid}).size());
    describe_fields(shape.out(fields), wanted, grid_, false, static_cast<int>(most), 1);
  } catch (const Error& error) {
    shape.error(path, error.what(), "'ladcast-flow inspect FILE' tells what a file holds");
  }

  Grid grid_of_files(const Plan& plan, const Channel& channel) const {
    return open_files(*others(valid_times(plan)).begin())->grid_of(channel, {});
  }

  std::unique_ptr<const FieldFiles> open_files(Time time) const {
    return std::make_unique<CfFiles>(path->expand(time), open_cf);
  }

  static std::set<Time> valid_times(const Plan& plan) {
    std::set<Time> valid;
    for (const Time init : plan.inits)
      for (int lead = 1; lead <= plan.leads; ++lead)
        valid.insert(init + std::chrono::hours{plan.lead_hours(lead)});
    return valid;
  }

  /// The analyses that are members of the climates of these times.
  std::set<Time> others(const std::set<Time>& valid) const {
    std::set<Time> times;
    for (const Time time : valid)
      for (int year = *first_year; year <= *last_year; ++year)
        if (year != year_of(time)) times.insert(same_day_in(std::chrono::year{year}, time));
    return times;
  }

  static int year_of(Time time) {
    using namespace std::chrono;
    return static_cast<int>(year_month_day{floor<days>(time)}.year());
  }

  Memory memory() const override {
    return {.resident = path->has("init") ? 0 : ZarrGroup::kMostKeptBytes,
            .scratch = path->has("init") ? ZarrGroup::kMostKeptBytes : 0};
  }

  std::vector<std::filesystem::path> files() const override {
    std::set<std::filesystem::path> files;
    for (const Time time : others(valid_times(plan()))) {
      files.merge(to_set(identifying_files(path->expand(time))));
      if (!path->has("init")) break;
    }
    return {files.begin(), files.end()};
  }
  static std::set<std::filesystem::path> to_set(const std::vector<std::filesystem::path>& files) {
    return {files.begin(), files.end()};
  }

  /// Looks for all analyses, so that what is missing is known before anything is computed.
  void open() override {
    const Channel channel = climate_channels(channels, model).front();
    const std::set<Time> needed = others(valid_times(plan()));
    if (!path->has("init")) {
      files_ = open_files(*needed.begin());
      there_ = files_->times_of(channel);
    } else {
      for (const Time time : needed)
        if (std::filesystem::exists(path->expand(time)))
          there_.merge(open_files(time)->times_of(channel));
    }
    if (*missing != "skip" && skips_items()) return;
    std::vector<std::string> absent;
    for (const Time time : needed)
      if (!there_.contains(time)) absent.push_back(short_time(time));
    if (absent.empty()) return;
    constexpr std::size_t kShown = 10;
    const std::size_t count = absent.size();
    absent.resize(std::min(count, kShown));
    const std::string which =
        fmt::format("{}{}", fmt::join(absent, ", "),
                    count > kShown ? fmt::format(" and {} more", count - kShown) : std::string());
    if (*missing == "skip")
      print(
          fmt::format("{} lacks {} of the {} analyses that are members of climates, which do "
                      "without them: {}\n",
                      path->text, count, needed.size(), which));
    else
      fail(
          "{} lacks analyses of the same day and hour in other years: {}; set missing = \"skip\" "
          "to do without these members",
          path->text, which);
  }

  void run(Task& task) const override {
    const Time valid = task.init() + std::chrono::hours{task.lead_hours()};
    Fields members{
        grid_, climate_channels(channels, model), task.init(), {task.lead_hours()}, {}, false, {}};
    for (const Time time : others({valid})) {
      if (!there_.contains(time) && *missing == "skip") continue;
      const Fields one = read({members.channels, time, 0, grid_, {}});
      members.members.push_back(year_of(time));
      members.values.insert(members.values.end(), one.values.begin(), one.values.end());
    }
    task.send(fields, std::move(members));
  }

  Fields read(const FieldsRequest& request) const {
    Fields one = files_ ? files_->read(request) : open_files(request.init)->read(request);
    if (one.members.size() > 1)
      fail("{} holds {} members; climates are made of analyses",
           path->expand(request.init).string(), one.members.size());
    return one;
  }

  void close() override { files_.reset(); }
};

LADCAST_NODE(ClimateMembers, "climate_members",
             "Emits the probabilistic climatology of each valid time: the analyses of the same day "
             "of the year and hour in other years.");

}  // namespace
}  // namespace ladcast
