// The table has a row for each initial time, lead, place and channel, in this order, and a column
// for each member:
//
//   init,lead_hours,station,variable,level,units,member_1,member_2,…
//
// init is the initial time (2002-01-11T00:00:00Z), level is in hPa and empty for surface variables,
// and a value that is missing is an empty cell. Fields without an ensemble have one column,
// "value".

#include <fmt/ranges.h>

#include <cmath>

#include "graph/node.h"
#include "graph/plugin.h"
#include "nodes/values/fields_payload.h"
#include "plugins/stations/interpolation.h"
#include "plugins/stations/table_file.h"

namespace ladcast {
namespace {

std::vector<int> members_of(const std::vector<const Fields*>& batches) {
  std::vector<int> members;
  for (const Fields* batch : batches)
    members.insert(members.end(), batch->members.begin(), batch->members.end());
  return members;
}

std::string header(const std::vector<int>& members) {
  std::string line = "init,lead_hours,station,variable,level,units";
  for (const int member : members)
    line += member == 0 ? std::string(",value") : fmt::format(",member_{}", member);
  return line;
}

class StationTable final : public Ordered {
  Collect<Fields> fields{this, "fields", Axis::member, "physical units"};
  Param<PathPattern> path{this, "path",
                          "the file; one for each initial time where it names {init}"};
  Param<std::vector<Place>> stations{this, "stations",
                                     "places, each as \"name,latitude,longitude\"",
                                     ParamOptions<std::vector<Place>>{.optional = true}};
  Param<InputFiles> file{this, "file",
                         "CSV file of places instead: a line name,latitude,longitude each",
                         ParamOptions<InputFiles>{.optional = true}};
  Param<std::string> method{
      this, "method", "how values are taken between the points of the grid",
      ParamOptions<std::string>{.fallback = "bilinear", .choices = {"bilinear", "nearest"}}};

  std::vector<Place> places_;
  Grid grid_;                     // that corners_ belongs to
  std::vector<Corners> corners_;  // by place
  std::vector<int> members_;      // the columns
  std::unique_ptr<TableFile> file_;

 public:
  StationTable() : Ordered(Within::plan) {}

 private:
  bool by_init() const { return path->has("init"); }

  void shape(Shape& shape) override {
    if (shape.in(fields).normalised)
      shape.error(fields, "the fields are normalised", "take them after 'denormalise'");
    if (stations.has_value() == file.has_value())
      shape.error(path, "the places are given in 'stations' or in 'file', in one of them",
                  "write stations = [\"Berlin,52.5,13.4\"] or file = \"stations.csv\"");
    for (const char* name : {"member", "lead"})
      if (path->has(name))
        shape.error(path, fmt::format("the path names {{{0}}}, but one file holds each {0}", name),
                    fmt::format("leave {{{}}} out", name));
  }

  std::vector<Claim> claims() const override {
    return {{.pattern = *path, .holds_items = !by_init(), .holds_members = true}};
  }

  void open() override {
    places_ = file.has_value() ? read_places(file->text) : *stations;
    require_distinct(places_);
  }

  void run(Task& task) override {
    const auto batches = task.all(fields);
    const auto members = members_of(batches);
    if (members.empty()) return;  // a lead without truth
    if (!file_) {
      file_ = std::make_unique<TableFile>(path->expand(task.init()));
      file_->write(header(members));
      members_ = members;
    }
    if (members != members_)
      fail("the members are {}, those of the table are {}", fmt::join(members, ", "),
           fmt::join(members_, ", "));
    locate(batches.front()->grid);
    for (std::size_t lead = 0; lead < batches.front()->lead_hours.size(); ++lead)
      for (std::size_t place = 0; place < places_.size(); ++place)
        for (std::size_t channel = 0; channel < batches.front()->channels.size(); ++channel)
          file_->write(row(batches, lead, place, channel));
  }

  void locate(const Grid& grid) {
    if (!corners_.empty() && grid == grid_) return;
    grid_ = grid;
    corners_.clear();
    const auto way = *method == "nearest" ? Interpolation::nearest : Interpolation::bilinear;
    for (const auto& place : places_) corners_.push_back(corners_of(grid, place, way));
  }

  std::string row(const std::vector<const Fields*>& batches, std::size_t lead, std::size_t place,
                  std::size_t channel) const {
    const Fields& first = *batches.front();
    const Channel& what = first.channels[channel];
    std::string line =
        fmt::format("{},{},{},{},{},{}", format_time(first.init), first.lead_hours[lead],
                    csv_cell(places_[place].name), what.name,
                    what.level ? std::to_string(*what.level) : "", csv_cell(what.units));
    for (const Fields* batch : batches) {
      for (std::size_t member = 0; member < batch->members.size(); ++member) {
        const double value = corners_[place].value(batch->map(member, lead, channel));
        line += std::isnan(value) ? "," : fmt::format(",{:.7g}", value);
      }
    }
    return line;
  }

  void end_file() {
    if (file_) file_->finish();
    file_.reset();
  }
  void finish_item(int) override {
    if (by_init()) end_file();
  }
  void finish() override { end_file(); }
  void close() override { file_.reset(); }
};

LADCAST_NODE(
    StationTable, "station_table",
    "Writes values at places as CSV: a row for each initial time, lead, place and channel, "
    "a column for each member.");

}  // namespace
}  // namespace ladcast

LADCAST_PLUGIN("stations", "1.0");
