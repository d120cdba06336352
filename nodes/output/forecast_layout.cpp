#include "nodes/output/forecast_layout.h"

#include <netcdf.h>

#include <algorithm>
#include <functional>
#include <limits>

#include "graph/error.h"
#include "nodes/values/variables.h"

namespace ladcast {
namespace {

std::string netcdf_name_of(const FileVariable& v) {
  const Variable* known = find_variable(v.name);
  return (known ? std::string(known->netcdf_name) : v.name) + suffix_of(v);
}

/// The definitions of one file: dimensions, coordinates, variables.
class Definitions {
 public:
  Definitions(const NetcdfHandle& file, const ForecastFileSpec& spec) : file_(file), spec_(spec) {}

  void define(std::vector<FileVariable>& variables) {
    for (const auto& [name, text] : spec_.attributes) put(NC_GLOBAL, name.c_str(), text);
    define_time_and_member(variables);
    latitude_ = axis("latitude", spec_.grid.latitude, "latitude", "degrees_north", "Y");
    longitude_ = axis("longitude", spec_.grid.longitude, "longitude", "degrees_east", "X");
    define_levels(variables);
    for (FileVariable& variable : variables) define_variable(variable);
    check(nc_enddef(file_.id()));
    for (const auto& write : writes_) write();
  }

 private:
  bool members_layout() const { return spec_.layout == ForecastLayout::members; }

  void check(int status) const { check_netcdf(status, "write", file_.path()); }

  void put(int variable, const char* name, std::string_view text) {
    check(nc_put_att_text(file_.id(), variable, name, text.size(), text.data()));
  }

  int dimension(const std::string& name, std::size_t length) {
    int id = -1;
    check(nc_def_dim(file_.id(), name.c_str(), length, &id));
    return id;
  }

  int variable(const std::string& name, nc_type type, const std::vector<int>& dimensions) {
    int id = -1;
    check(nc_def_var(file_.id(), name.c_str(), type, static_cast<int>(dimensions.size()),
                     dimensions.data(), &id));
    return id;
  }

  /// A coordinate variable, scalar where `dimensions` is empty; its values follow once all is
  /// defined.
  int coordinate(const std::string& name, nc_type type, const std::vector<int>& dimensions,
                 std::vector<double> values, std::string_view standard_name,
                 std::string_view units) {
    const int id = variable(name, type, dimensions);
    if (!standard_name.empty()) put(id, "standard_name", standard_name);
    if (!units.empty()) put(id, "units", units);
    writes_.push_back([this, id, values = std::move(values)] {
      check(nc_put_var_double(file_.id(), id, values.data()));
    });
    return id;
  }

  /// Returns the dimension.
  int axis(const std::string& name, const std::vector<double>& values,
           std::string_view standard_name, std::string_view units, std::string_view letter) {
    const int id = dimension(name, values.size());
    put(coordinate(name, NC_DOUBLE, {id}, values, standard_name, units), "axis", letter);
    return id;
  }

  std::vector<double> hours_since_1970() const {
    const double init = static_cast<double>(spec_.init.time_since_epoch().count()) / 3600;
    std::vector<double> hours;
    for (const int lead : spec_.lead_hours) hours.push_back(init + lead);
    return hours;
  }

  void time_coordinate(const std::string& name, const std::vector<int>& dimensions,
                       const std::vector<double>& values, std::string_view standard_name) {
    const int id =
        coordinate(name, NC_DOUBLE, dimensions, values, standard_name, "hours since 1970-01-01");
    put(id, "calendar", "standard");
    if (!dimensions.empty() && members_layout()) put(id, "axis", "T");
  }

  void define_time_and_member(const std::vector<FileVariable>& variables) {
    const std::vector<double> leads(spec_.lead_hours.begin(), spec_.lead_hours.end());
    const std::vector<double> numbers(spec_.members.begin(), spec_.members.end());
    const double init = static_cast<double>(spec_.init.time_since_epoch().count()) / 3600;
    time_coordinate("forecast_reference_time", {}, {init}, "forecast_reference_time");
    coordinates_ = "forecast_reference_time";
    if (spec_.has_members()) {
      if (spec_.has_number_axis()) leading_ = {dimension("number", numbers.size())};
      const int id = coordinate("number", NC_INT, leading_, numbers, "realization", "1");
      put(id, "long_name", "ensemble member");
      if (!spec_.has_number_axis()) coordinates_ += " number";
    }
    lead_axis_ = members_layout() ? "time" : "step";
    const int lead = dimension(lead_axis_, leads.size());
    leading_.push_back(lead);
    time_coordinate(members_layout() ? "time" : "valid_time", {lead}, hours_since_1970(), "time");
    coordinates_ += members_layout() ? " step" : " valid_time";
    const int step = coordinate("step", NC_INT, {lead}, leads, "forecast_period", "hours");
    put(step, "long_name", "time since the forecast's initial time");
    define_bounds(variables, lead);
  }

  /// CF-1.8, section 7.1: sums have bounds on their time axis.
  void define_bounds(const std::vector<FileVariable>& variables, int lead) {
    int hours = 0;
    for (const FileVariable& variable : variables) {
      const Variable* known = find_variable(variable.name);
      if (known) hours = std::max(hours, known->accumulation_hours);
    }
    if (hours == 0) return;
    std::vector<double> bounds;
    const std::vector<double> times = hours_since_1970();
    for (std::size_t i = 0; i < times.size(); ++i) {
      const double end = members_layout() ? times[i] : spec_.lead_hours[i];
      bounds.insert(bounds.end(), {end - hours, end});
    }
    const std::string name = lead_axis_ + "_bounds";
    int id = -1;
    check(nc_inq_varid(file_.id(), lead_axis_.c_str(), &id));
    put(id, "bounds", name);
    coordinate(name, NC_DOUBLE, {lead, dimension("bounds", 2)}, bounds, "", "");
  }

  /// The longest list of levels is the axis "level"; a variable with others gets its own.
  void define_levels(const std::vector<FileVariable>& variables) {
    const FileVariable* longest = nullptr;
    for (const FileVariable& v : variables) {
      if (!v.levels.empty() && (!longest || v.levels.size() > longest->levels.size())) longest = &v;
    }
    if (longest) level_axis("level", longest->levels);
    for (const FileVariable& v : variables) {
      if (v.levels.empty() || levels_.contains(v.levels)) continue;
      level_axis("level_" + netcdf_name_of(v), v.levels);
    }
  }

  void level_axis(const std::string& name, const std::vector<int>& levels) {
    const int id = dimension(name, levels.size());
    const int variable =
        coordinate(name, NC_INT, {id}, {levels.begin(), levels.end()}, "air_pressure", "hPa");
    put(variable, "positive", "down");
    put(variable, "axis", "Z");
    levels_[levels] = id;
  }

  /// The scalar coordinate "height_2m"; returns its name.
  std::string height(int metres) {
    const std::string name = fmt::format("height_{}m", metres);
    int id = -1;
    if (nc_inq_varid(file_.id(), name.c_str(), &id) != NC_NOERR) {
      id = coordinate(name, NC_DOUBLE, {}, {static_cast<double>(metres)}, "height", "m");
      put(id, "positive", "up");
    }
    return name;
  }

  void define_variable(FileVariable& v) {
    const Variable* known = find_variable(v.name);
    std::string coordinates = coordinates_;
    if (known && known->height > 0) coordinates.append(" ").append(height(known->height));
    std::vector<int> dimensions = leading_;
    if (!v.levels.empty()) dimensions.push_back(levels_.at(v.levels));
    dimensions.insert(dimensions.end(), {latitude_, longitude_});
    v.id = variable(netcdf_name_of(v), NC_FLOAT, dimensions);
    store_by_map(v.id, dimensions.size());
    for (const auto& [name, text] : cf_attributes(v, spec_.normalised, lead_axis_))
      put(v.id, name.c_str(), text);
    put(v.id, "coordinates", coordinates);
  }

  /// One map is one chunk, and the only one that the cache holds: maps are written whole and once.
  void store_by_map(int id, std::size_t rank) {
    std::vector<std::size_t> chunk(rank, 1);
    chunk[rank - 2] = spec_.grid.rows();
    chunk[rank - 1] = spec_.grid.columns();
    const float missing = std::numeric_limits<float>::quiet_NaN();
    check(nc_def_var_chunking(file_.id(), id, NC_CHUNKED, chunk.data()));
    check(nc_def_var_deflate(file_.id(), id, 1, 1, 1));
    check(nc_def_var_fill(file_.id(), id, NC_FILL, &missing));
    check(nc_set_var_chunk_cache(file_.id(), id, spec_.grid.points() * sizeof(float), 1, 1.0F));
  }

  const NetcdfHandle& file_;
  const ForecastFileSpec& spec_;
  std::vector<std::function<void()>> writes_;
  std::map<std::vector<int>, int> levels_;  // dimensions
  std::vector<int> leading_;                // dimensions before level and latitude
  int latitude_ = -1, longitude_ = -1;
  std::string lead_axis_;
  std::string coordinates_;  // that all variables have
};

}  // namespace

std::vector<FileVariable> define_forecast(const NetcdfHandle& file, const ForecastFileSpec& spec) {
  std::vector<FileVariable> variables = file_variables(spec.channels);
  Definitions(file, spec).define(variables);
  return variables;
}

}  // namespace ladcast
