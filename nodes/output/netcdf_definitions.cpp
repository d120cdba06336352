#include "nodes/output/netcdf_definitions.h"

#include <netcdf.h>

#include <limits>

#include "nodes/values/variables.h"

namespace ladcast {

std::string netcdf_name_of(const FileVariable& v) {
  const Variable* known = find_variable(v.name);
  return (known ? std::string(known->netcdf_name) : v.name) + suffix_of(v);
}

void NetcdfDefinitions::attribute(int variable, const char* name, std::string_view text) {
  check(nc_put_att_text(file_.id(), variable, name, text.size(), text.data()));
}

void NetcdfDefinitions::attributes(const std::map<std::string, std::string>& texts) {
  for (const auto& [name, text] : texts) attribute(NC_GLOBAL, name.c_str(), text);
}

int NetcdfDefinitions::dimension(const std::string& name, std::size_t length) {
  int id = -1;
  check(nc_def_dim(file_.id(), name.c_str(), length, &id));
  return id;
}

int NetcdfDefinitions::variable(const std::string& name, int type,
                                const std::vector<int>& dimensions) {
  int id = -1;
  check(nc_def_var(file_.id(), name.c_str(), type, static_cast<int>(dimensions.size()),
                   dimensions.data(), &id));
  return id;
}

int NetcdfDefinitions::coordinate(const std::string& name, int type,
                                  const std::vector<int>& dimensions, std::vector<double> values,
                                  std::string_view standard_name, std::string_view units) {
  const int id = variable(name, type, dimensions);
  if (!standard_name.empty()) attribute(id, "standard_name", standard_name);
  if (!units.empty()) attribute(id, "units", units);
  writes_.push_back([this, id, values = std::move(values)] {
    check(nc_put_var_double(file_.id(), id, values.data()));
  });
  return id;
}

/// Returns the dimension.
int NetcdfDefinitions::axis(const std::string& name, const std::vector<double>& values,
                            std::string_view standard_name, std::string_view units,
                            std::string_view letter) {
  const int id = dimension(name, values.size());
  attribute(coordinate(name, NC_DOUBLE, {id}, values, standard_name, units), "axis", letter);
  return id;
}

void NetcdfDefinitions::define_grid(const Grid& grid) {
  latitude_ = axis("latitude", grid.latitude, "latitude", "degrees_north", "Y");
  longitude_ = axis("longitude", grid.longitude, "longitude", "degrees_east", "X");
  rows_ = grid.rows();
  columns_ = grid.columns();
}

void NetcdfDefinitions::define_levels(const std::vector<FileVariable>& variables) {
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

void NetcdfDefinitions::level_axis(const std::string& name, const std::vector<int>& levels) {
  const int id = dimension(name, levels.size());
  const int coordinates =
      coordinate(name, NC_INT, {id}, {levels.begin(), levels.end()}, "air_pressure", "hPa");
  attribute(coordinates, "positive", "down");
  attribute(coordinates, "axis", "Z");
  levels_[levels] = id;
}

int NetcdfDefinitions::define_maps(const std::string& name, const std::vector<int>& leading,
                                   const std::vector<int>& levels) {
  std::vector<int> dimensions = leading;
  if (!levels.empty()) dimensions.push_back(levels_.at(levels));
  dimensions.insert(dimensions.end(), {latitude_, longitude_});
  const int id = variable(name, NC_FLOAT, dimensions);
  std::vector<std::size_t> chunk(dimensions.size(), 1);
  chunk[chunk.size() - 2] = rows_;
  chunk[chunk.size() - 1] = columns_;
  const float missing = std::numeric_limits<float>::quiet_NaN();
  check(nc_def_var_chunking(file_.id(), id, NC_CHUNKED, chunk.data()));
  check(nc_def_var_deflate(file_.id(), id, 1, 1, 1));
  check(nc_def_var_fill(file_.id(), id, NC_FILL, &missing));
  check(nc_set_var_chunk_cache(file_.id(), id, rows_ * columns_ * sizeof(float), 1, 1.0F));
  return id;
}

void NetcdfDefinitions::finish() {
  check(nc_enddef(file_.id()));
  for (const auto& write : writes_) write();
}

}  // namespace ladcast
