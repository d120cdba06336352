#include "nodes/output/forecast_layout.h"

#include <netcdf.h>

#include <algorithm>

#include "nodes/output/netcdf_definitions.h"
#include "nodes/values/variables.h"

namespace ladcast {
namespace {

/// The definitions of one file: dimensions, coordinates, variables.
class Definitions {
 public:
  Definitions(const NetcdfHandle& file, const ForecastFileSpec& spec)
      : file_(file), spec_(spec), definitions_(file) {}

  void define(std::vector<FileVariable>& variables) {
    definitions_.attributes(spec_.attributes);
    define_time_and_member(variables);
    definitions_.define_grid(spec_.grid);
    definitions_.define_levels(variables);
    for (FileVariable& variable : variables) define_variable(variable);
    definitions_.finish();
  }

 private:
  bool members_layout() const { return spec_.layout == ForecastLayout::members; }

  void put(int variable, const char* name, std::string_view text) {
    definitions_.attribute(variable, name, text);
  }

  std::vector<double> hours_since_1970() const {
    const double init = static_cast<double>(spec_.init.time_since_epoch().count()) / 3600;
    std::vector<double> hours;
    for (const int lead : spec_.lead_hours) hours.push_back(init + lead);
    return hours;
  }

  void time_coordinate(const std::string& name, const std::vector<int>& dimensions,
                       const std::vector<double>& values, std::string_view standard_name) {
    const int id = definitions_.coordinate(name, NC_DOUBLE, dimensions, values, standard_name,
                                           "hours since 1970-01-01");
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
      if (spec_.has_number_axis()) leading_ = {definitions_.dimension("number", numbers.size())};
      const int id =
          definitions_.coordinate("number", NC_INT, leading_, numbers, "realization", "1");
      put(id, "long_name", "ensemble member");
      if (!spec_.has_number_axis()) coordinates_ += " number";
    }
    lead_axis_ = members_layout() ? "time" : "step";
    const int lead = definitions_.dimension(lead_axis_, leads.size());
    leading_.push_back(lead);
    time_coordinate(members_layout() ? "time" : "valid_time", {lead}, hours_since_1970(), "time");
    coordinates_ += members_layout() ? " step" : " valid_time";
    const int step =
        definitions_.coordinate("step", NC_INT, {lead}, leads, "forecast_period", "hours");
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
    check_netcdf(nc_inq_varid(file_.id(), lead_axis_.c_str(), &id), "write", file_.path());
    put(id, "bounds", name);
    definitions_.coordinate(name, NC_DOUBLE, {lead, definitions_.dimension("bounds", 2)}, bounds,
                            "", "");
  }

  /// The scalar coordinate "height_2m"; returns its name.
  std::string height(int metres) {
    const std::string name = fmt::format("height_{}m", metres);
    int id = -1;
    if (nc_inq_varid(file_.id(), name.c_str(), &id) != NC_NOERR) {
      id = definitions_.coordinate(name, NC_DOUBLE, {}, {static_cast<double>(metres)}, "height",
                                   "m");
      put(id, "positive", "up");
    }
    return name;
  }

  void define_variable(FileVariable& v) {
    const Variable* known = find_variable(v.name);
    std::string coordinates = coordinates_;
    if (known && known->height > 0) coordinates.append(" ").append(height(known->height));
    v.id = definitions_.define_maps(netcdf_name_of(v), leading_, v.levels);
    for (const auto& [name, text] : cf_attributes(v, spec_.normalised, lead_axis_))
      put(v.id, name.c_str(), text);
    put(v.id, "coordinates", coordinates);
  }

  const NetcdfHandle& file_;
  const ForecastFileSpec& spec_;
  NetcdfDefinitions definitions_;
  std::vector<int> leading_;  // dimensions before level and latitude
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
