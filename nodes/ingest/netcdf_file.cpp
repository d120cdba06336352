#include "nodes/ingest/netcdf_file.h"

#include <netcdf.h>

#include "graph/crash.h"
#include "graph/error.h"
#include "nodes/ingest/file_format.h"

namespace ladcast {
namespace {

constexpr const char* kReading = "the NetCDF library, which reads";

NetcdfHandle open_handle(const std::filesystem::path& path) {
  const Doing doing(kReading, path.c_str());
  require_format(path, FileFormat::netcdf);
  return NetcdfHandle::open(path);
}

CfVariable inquire(const NetcdfHandle& file, int id) {
  const auto check = [&](int status) { check_netcdf(status, "read the header of", file.path()); };
  char name[NC_MAX_NAME + 1] = {};
  int rank = 0;
  check(nc_inq_var(file.id(), id, name, nullptr, &rank, nullptr, nullptr));
  CfVariable variable{id, name, {}};
  std::vector<int> dimensions(static_cast<std::size_t>(rank));
  check(nc_inq_vardimid(file.id(), id, dimensions.data()));
  for (const int dimension : dimensions) {
    std::size_t length = 0;
    check(nc_inq_dim(file.id(), dimension, name, &length));
    variable.dimensions.push_back({name, length});
  }
  return variable;
}

}  // namespace

NetcdfFile::NetcdfFile(const std::filesystem::path& path) : handle_(open_handle(path)) {
  const Doing doing(kReading, path.c_str());
  int count = 0;
  check_netcdf(nc_inq_nvars(handle_.id(), &count), "read the header of", path);
  for (int id = 0; id < count; ++id) variables_.push_back(inquire(handle_, id));
}

std::string NetcdfFile::text(const CfVariable& variable, const char* attribute) const {
  const Doing doing(kReading, path().c_str());
  nc_type type = NC_NAT;
  std::size_t length = 0;
  if (nc_inq_att(handle_.id(), variable.id, attribute, &type, &length) != NC_NOERR) return {};
  const auto check = [&](int status) {
    check_netcdf(status, fmt::format("read '{}:{}' from", variable.name, attribute), path());
  };
  if (type == NC_CHAR) {
    std::string text(length, '\0');
    check(nc_get_att_text(handle_.id(), variable.id, attribute, text.data()));
    return text.substr(0, text.find('\0'));
  }
  if (type == NC_STRING && length == 1) {
    char* text = nullptr;
    check(nc_get_att_string(handle_.id(), variable.id, attribute, &text));
    const std::string copy = text ? text : "";
    nc_free_string(1, &text);
    return copy;
  }
  return {};
}

std::optional<double> NetcdfFile::number(const CfVariable& variable, const char* attribute) const {
  const Doing doing(kReading, path().c_str());
  nc_type type = NC_NAT;
  std::size_t length = 0;
  if (nc_inq_att(handle_.id(), variable.id, attribute, &type, &length) != NC_NOERR) return {};
  if (type == NC_CHAR || type == NC_STRING || length == 0) return {};
  std::vector<double> values(length);
  check_netcdf(nc_get_att_double(handle_.id(), variable.id, attribute, values.data()),
               fmt::format("read '{}:{}' from", variable.name, attribute), path());
  return values.front();
}

std::vector<double> NetcdfFile::stored(const CfVariable& variable,
                                       std::span<const std::size_t> start,
                                       std::span<const std::size_t> count) const {
  constexpr std::size_t kMost = std::size_t{1} << 25;  // a damaged header says anything
  std::size_t size = 1;
  for (const std::size_t length : count) {
    if (length > 0 && size > kMost / length)
      fail("cannot read '{}' from {}: that is more than {} values at once", variable.name,
           path().string(), kMost);
    size *= length;
  }
  std::vector<double> values(size);
  const Doing doing(kReading, path().c_str());
  check_netcdf(
      nc_get_vara_double(handle_.id(), variable.id, start.data(), count.data(), values.data()),
      fmt::format("read '{}' from", variable.name), path());
  return values;
}

std::unique_ptr<const CfFile> open_netcdf(const std::filesystem::path& path) {
  return std::make_unique<const NetcdfFile>(path);
}

}  // namespace ladcast
