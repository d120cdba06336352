#include "nodes/output/climatology_file.h"

#include <netcdf.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

#include "graph/error.h"
#include "graph/whole_file.h"
#include "nodes/output/netcdf_definitions.h"
#include "nodes/output/temporary_file.h"
#include "nodes/values/variables.h"

namespace ladcast {
namespace {

constexpr int kDays = 366;

/// standard_name is that of the mean alone: a deviation has no cell method over days of many years.
void describe(NetcdfDefinitions& definitions, const FileVariable& v, bool deviation) {
  const Variable* known = find_variable(v.name);
  const std::string long_name = known ? std::string(known->long_name) : v.name;
  if (known && !known->standard_name.empty() && !deviation)
    definitions.attribute(v.id, "standard_name", known->standard_name);
  definitions.attribute(
      v.id, "long_name",
      (deviation ? "climatological standard deviation of " : "climatological mean of ") +
          long_name);
  definitions.attribute(v.id, "units", v.units);
}

}  // namespace

ClimatologyFile::ClimatologyFile(std::filesystem::path path, ClimatologyFileSpec spec)
    : path_(std::move(path)),
      temporary_(temporary_beside(path_)),
      spec_(std::move(spec)),
      file_(NetcdfHandle::create(temporary_)),
      means_(file_variables(spec_.channels)) {
  if (spec_.deviation) deviations_ = means_;
  define();
}

ClimatologyFile::~ClimatologyFile() {
  if (temporary_.empty()) return;
  std::error_code ignored;
  std::filesystem::remove(temporary_, ignored);
}

void ClimatologyFile::define() {
  NetcdfDefinitions definitions(file_);
  definitions.attributes(spec_.attributes);
  const int hour = definitions.dimension("hour", spec_.hours.size());
  const int day = definitions.dimension("dayofyear", kDays);
  std::vector<double> days(kDays);
  std::iota(days.begin(), days.end(), 1);
  definitions.attribute(definitions.coordinate("hour", NC_INT, {hour},
                                               {spec_.hours.begin(), spec_.hours.end()}, "", ""),
                        "long_name", "hour of the day, UTC");
  definitions.attribute(definitions.coordinate("dayofyear", NC_INT, {day}, days, "", ""),
                        "long_name", "day of the year");
  definitions.define_grid(spec_.grid);
  definitions.define_levels(means_);
  count_ = definitions.coordinate(
      "count", NC_INT, {hour, day},
      std::vector<double>(spec_.hours.size() * static_cast<std::size_t>(kDays), 0.0), "", "1");
  definitions.attribute(count_, "long_name", "analyses of this hour and day");
  definitions.attribute(count_, "first_analysis", format_time(spec_.first_analysis));
  definitions.attribute(count_, "last_analysis", format_time(spec_.last_analysis));
  for (FileVariable& v : means_) {
    v.id = definitions.define_maps(v.name, {hour, day}, v.levels);
    describe(definitions, v, false);
  }
  for (FileVariable& v : deviations_) {
    v.id = definitions.define_maps(v.name + "_std", {hour, day}, v.levels);
    describe(definitions, v, true);
  }
  definitions.finish();
}

std::size_t ClimatologyFile::hour_index(int hour) const {
  const auto found = std::find(spec_.hours.begin(), spec_.hours.end(), hour);
  if (found == spec_.hours.end()) fail("the climatology has no hour {}", hour);
  return static_cast<std::size_t>(found - spec_.hours.begin());
}

void ClimatologyFile::write_count(int hour, int day, std::size_t count) {
  const std::array<std::size_t, 2> place = {hour_index(hour), static_cast<std::size_t>(day - 1)};
  const int number = static_cast<int>(count);
  check_netcdf(nc_put_var1_int(file_.id(), count_, place.data(), &number), "write", temporary_);
}

void ClimatologyFile::write(int hour, int day, const Channel& channel, bool deviation,
                            std::span<const float> map) {
  const auto& variables = deviation ? deviations_ : means_;
  const auto variable = std::find_if(variables.begin(), variables.end(),
                                     [&](const FileVariable& v) { return v.holds(channel); });
  if (variable == variables.end()) fail("the climatology has no {}", to_string(channel));
  std::vector<std::size_t> start = {hour_index(hour), static_cast<std::size_t>(day - 1)};
  if (channel.level) {
    const auto& levels = variable->levels;
    start.push_back(static_cast<std::size_t>(
        std::find(levels.begin(), levels.end(), *channel.level) - levels.begin()));
  }
  std::vector<std::size_t> count(start.size(), 1);
  start.insert(start.end(), {0, 0});
  count.insert(count.end(), {spec_.grid.rows(), spec_.grid.columns()});
  check_netcdf(nc_put_vara_float(file_.id(), variable->id, start.data(), count.data(), map.data()),
               "write", temporary_);
}

void ClimatologyFile::finish() {
  file_.close();
  sync_to_disk(temporary_);
  give_name(temporary_, path_);
  temporary_.clear();
}

}  // namespace ladcast
