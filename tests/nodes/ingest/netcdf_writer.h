// Makes small NetCDF files of any layout for tests.
#pragma once

#include <netcdf.h>

#include <map>
#include <string>
#include <vector>

#include "nodes/values/netcdf_handle.h"

namespace ladcast {

class NetcdfWriter {
 public:
  using Texts = std::map<std::string, std::string>;
  using Numbers = std::map<std::string, double>;

  explicit NetcdfWriter(const std::filesystem::path& path) : file_(NetcdfHandle::create(path)) {}

  void dimension(const std::string& name, std::size_t length) {
    check(nc_def_dim(file_.id(), name.c_str(), length, &dimensions_[name]));
  }

  void variable(const std::string& name, nc_type type, const std::vector<std::string>& dimensions,
                const std::vector<double>& values, const Texts& texts = {},
                const Numbers& numbers = {}) {
    std::vector<int> ids;
    for (const auto& dimension : dimensions) ids.push_back(dimensions_.at(dimension));
    int id = -1;
    check(
        nc_def_var(file_.id(), name.c_str(), type, static_cast<int>(ids.size()), ids.data(), &id));
    for (const auto& [key, text] : texts) {
      check(nc_put_att_text(file_.id(), id, key.c_str(), text.size(), text.data()));
    }
    for (const auto& [key, number] : numbers) {
      const bool of_variable = key == "_FillValue" || key == "missing_value";
      check(nc_put_att_double(file_.id(), id, key.c_str(), of_variable ? type : NC_DOUBLE, 1,
                              &number));
    }
    check(nc_put_var_double(file_.id(), id, values.data()));
  }

  void close() { file_.close(); }

 private:
  void check(int status) const { check_netcdf(status, "write", file_.path()); }

  NetcdfHandle file_;
  std::map<std::string, int> dimensions_;
};

}  // namespace ladcast
