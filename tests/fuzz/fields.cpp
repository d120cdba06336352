// Files of fields: what CF attributes make of any container, then GRIB and NetCDF through their
// libraries.
#include <netcdf.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <map>
#include <utility>

#include "graph/error.h"
#include "graph/inspect.h"
#include "graph/whole_file.h"
#include "nodes/ingest/cf_fields.h"
#include "nodes/ingest/grib_fields.h"
#include "nodes/ingest/netcdf_file.h"
#include "nodes/values/netcdf_handle.h"
#include "nodes/values/variables.h"
#include "tests/fuzz/parsers.h"

namespace ladcast::fuzz {
namespace {

/// What is looked for in each file.
FieldsRequest request() {
  static const FieldsRequest wanted = {
      {parse_channel("2m_temperature"), parse_channel("geopotential 500")},
      parse_time("2002-01-11"),
      6,
      {},
      {}};
  return wanted;
}

void read_fields(std::unique_ptr<const CfFile> file) {
  const CfFields fields(std::move(file));
  std::string reason;
  for (const char* text : {"geopotential 500", "2m_temperature", "total_precipitation_6hr"}) try {
      const Channel channel = parse_channel(text);
      static_cast<void>(fields.holding(channel));
      fields.read_fixed({channel}, {});
    } catch (const Error& error) {
      reason = error.what();
    }
  fields.read(request());
}

// A line for each variable: name, dimensions with lengths, attributes, values.
constexpr const char* kVariables =
    "time|time 2|units=hours since 2002-01-11,standard_name=time,bounds=tb|0 6\n"
    "tb|time 2;two 2||0 0 0 6\n"
    "lat|lat 3|units=degrees_north|-60 0 60\n"
    "lon|lon 4|units=degrees_east|0 90 180 270\n"
    "level|level 2|units=hPa|500 850\n"
    "number|number 2||1 2\n"
    "z|time 2;level 2;lat 3;lon 4|units=m**2 s**-2,scale_factor=#0.5,_FillValue=#3|1 2 3 4 5\n"
    "t2m|time 2;lat 3;lon 4|units=K|273 274\n"
    "tp|time 2;lat 3;lon 4|units=m|0 1\n";
constexpr const char* kForecast =
    "init|||0\n"
    "forecast_reference_time||units=days since 2002-01-11 00:00|0\n"
    "step|step 2|units=hours|0 6\n"
    "latitude|latitude 2||45 -45\n"
    "longitude|longitude 2||-90 90\n"
    "expver|expver 2||1 5\n"
    "realization||standard_name=realization|0\n"
    "isobaricInPa||units=Pa|50000\n"
    "geopotential_height|step 2;latitude 2;longitude 2|units=gpm,coordinates=isobaricInPa|5500\n"
    "air|longitude 2;latitude 2;step 2;expver "
    "2|standard_name=air_temperature,units=degC,coordinates=h|1 2 "
    "NaN\n"
    "h||standard_name=height,units=m|2\n";

/// A file in memory, with one length for each name of a dimension as in NetCDF.
class MemoryFile final : public CfFile {
 public:
  explicit MemoryFile(const std::string& text) {
    std::map<std::string, std::size_t> lengths;
    for (const auto& line : split(text, '\n')) {
      auto parts = split(line, '|');
      parts.resize(4);
      CfVariable variable{static_cast<int>(variables_.size()), parts[0], {}};
      for (const auto& dimension : split(parts[1], ';')) {
        const auto blank = dimension.find(' ');
        if (blank == std::string::npos) continue;
        const auto name = dimension.substr(0, blank);
        lengths.try_emplace(name, std::strtoul(dimension.c_str() + blank, nullptr, 10));
        variable.dimensions.push_back({name, lengths.at(name)});
      }
      attributes_.emplace_back();
      for (const auto& attribute : split(parts[2], ',')) {
        const auto equals = std::min(attribute.find('='), attribute.size() - 1);
        if (!attribute.empty())
          attributes_.back()[attribute.substr(0, equals)] = attribute.substr(equals + 1);
      }
      values_.emplace_back();
      for (const auto& value : split(parts[3], ' '))
        values_.back().push_back(std::atof(value.c_str()));
      variables_.push_back(std::move(variable));
    }
  }

  const std::filesystem::path& path() const override { return path_; }
  std::string text(const CfVariable& variable, const char* attribute) const override {
    const auto value = find_attribute(variable, attribute);
    return value.starts_with('#') ? "" : value;
  }
  std::optional<double> number(const CfVariable& variable, const char* attribute) const override {
    const auto value = find_attribute(variable, attribute);
    return value.starts_with('#') ? std::optional(std::atof(value.c_str() + 1)) : std::nullopt;
  }

 protected:
  std::vector<double> stored(const CfVariable& variable, std::span<const std::size_t> start,
                             std::span<const std::size_t> count) const override {
    std::size_t size = 1;
    for (std::size_t i = 0; i < count.size(); ++i) {
      if (start[i] + count[i] > variable.dimensions[i].length) fail("beyond its end");
      size *= count[i];
      if (size > 10'000) fail("too many values");
    }
    const auto& known = values_[static_cast<std::size_t>(variable.id)];
    std::vector<double> values(size);
    for (std::size_t i = 0; i < size; ++i) values[i] = known[i % known.size()];
    return values;
  }

 private:
  std::string find_attribute(const CfVariable& variable, const char* attribute) const {
    const auto& all = attributes_[static_cast<std::size_t>(variable.id)];
    const auto found = all.find(attribute);
    return found == all.end() ? "" : found->second;
  }

  std::filesystem::path path_ = "memory";
  std::vector<std::map<std::string, std::string>> attributes_;  // by variable
  std::vector<std::vector<double>> values_;                     // repeated as often as needed
};

std::vector<std::string> valid_variables() {
  std::vector<std::string> all = {kVariables, kForecast};
  return all;
}

void read_variables(const std::string& input) {
  read_fields(std::make_unique<const MemoryFile>(input));
}

// ---- GRIB ----

/// The messages of the example, two at a time.
std::vector<std::string> valid_grib() {
  const std::string file = read_whole_file("examples/small_planet/analysis.grib2");
  std::vector<std::string> messages;
  for (std::size_t begin = 0; begin < file.size();) {
    const std::size_t end = std::min(file.find("7777GRIB", begin), file.size() - 4) + 4;
    messages.push_back(file.substr(begin, end - begin));
    begin = end;
  }
  return {messages.at(1), messages.at(13), messages.at(1) + messages.at(15)};
}

void read_grib_file(const std::string& input) {
  const auto file = scratch_file("a.grib", input);
  Inspector::registered()(file, "small-planet");
  FieldsRequest wanted = request();
  wanted.lead_hours = 0;
  wanted.channels = {parse_channel("geopotential 500")};
  try {
    GribFiles(file).read(wanted);
  } catch (const Error& error) {
    if (std::string(error.what()).find("there is no such message") == std::string::npos) throw;
  }
}

// ---- NetCDF ----

struct NetcdfVariable {
  const char* name;
  nc_type type;
  std::vector<int> dimensions;
  const char* units;
  std::vector<double> values;
};

/// The same small file in each format.
std::string netcdf(int format) {
  const auto path = scratch() / "valid.nc";
  const auto check = [&](int status) { check_netcdf(status, "write", path); };
  const std::vector<NetcdfVariable> variables = {
      {"time", NC_DOUBLE, {0}, "hours since 2002-01-11", {0, 6}},
      {"level", NC_INT, {1}, "hPa", {500, 850}},
      {"lat", NC_FLOAT, {2}, "degrees_north", {60, 0, -60}},
      {"lon", NC_FLOAT, {3}, "degrees_east", {0, 90, 180, 270}},
      {"z", NC_SHORT, {0, 1, 2, 3}, "m**2 s**-2", std::vector<double>(48, 7)},
      {"t2m", NC_FLOAT, {0, 2, 3}, "K", std::vector<double>(24, 273)}};
  int file = -1, dimension = -1;
  check(nc_create(path.c_str(), NC_CLOBBER | format, &file));
  constexpr std::pair<const char*, std::size_t> lengths[] = {
      {"time", NC_UNLIMITED}, {"level", 2}, {"lat", 3}, {"lon", 4}};
  for (const auto& [name, length] : lengths) check(nc_def_dim(file, name, length, &dimension));
  std::vector<int> ids;
  for (const auto& [name, type, dimensions, units, values] : variables) {
    check(nc_def_var(file, name, type, static_cast<int>(dimensions.size()), dimensions.data(),
                     &ids.emplace_back()));
    check(nc_put_att_text(file, ids.back(), "units", std::strlen(units), units));
    constexpr double scale = 0.5;
    if (type == NC_SHORT)
      check(nc_put_att_double(file, ids.back(), "scale_factor", NC_DOUBLE, 1, &scale));
  }
  check(nc_enddef(file));
  for (std::size_t i = 0; i < ids.size(); ++i) {
    std::vector<std::size_t> start(variables[i].dimensions.size()), count;
    for (const int each : variables[i].dimensions)
      count.push_back(each == 0 ? 2 : lengths[each].second);
    check(nc_put_vara_double(file, ids[i], start.data(), count.data(), variables[i].values.data()));
  }
  check(nc_close(file));
  return read_whole_file(path);
}

std::vector<std::string> valid_netcdf() {
  return {netcdf(0), netcdf(NC_64BIT_OFFSET), netcdf(NC_64BIT_DATA)};
}
std::vector<std::string> valid_netcdf4() { return {netcdf(NC_NETCDF4)}; }

void read_netcdf_file(const std::string& input) {
  std::filesystem::remove(scratch() / "a.nc");  // HDF5 knows files by their inode
  const auto file = scratch_file("a.nc", input);
  Inspector::registered()(file, "small-planet");
  read_fields(open_netcdf(file));
}

}  // namespace

void add_fields(std::vector<Parser>& all) {
  const std::vector<std::string> words = {"units",
                                          "standard_name",
                                          "time",
                                          "latitude",
                                          "longitude",
                                          "step",
                                          "number",
                                          "expver",
                                          "height",
                                          "level",
                                          "bounds",
                                          "coordinates",
                                          " since ",
                                          "hours",
                                          "days",
                                          "=#",
                                          "air_temperature",
                                          "geopotential",
                                          "hPa",
                                          "degrees_north",
                                          "|",
                                          "forecast_reference_time"};
  all.push_back({"cf_fields", valid_variables, read_variables, words});
  all.push_back({"grib", valid_grib, read_grib_file, {"GRIB", "7777"}, true});
  all.push_back({"netcdf", valid_netcdf, read_netcdf_file, {"CDF\1"}, true});
  all.push_back({"netcdf4", valid_netcdf4, read_netcdf_file, {"TREE", "SNOD", "OHDR"}, true});
}

}  // namespace ladcast::fuzz
