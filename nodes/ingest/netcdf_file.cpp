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

}  // namespace

NetcdfFile::NetcdfFile(const std::filesystem::path& path) : path_(path) {
  const Doing doing(kReading, path.c_str());
  int count = 0;
  check_netcdf(nc_inq_nvars(handle(), &count), "read the header of", path);
  attributes_[NC_GLOBAL] = attributes_of({NC_GLOBAL, "", {}});
  for (int id = 0; id < count; ++id) {
    variables_.push_back(inquire(id));
    attributes_[id] = attributes_of(variables_.back());
  }
}

int NetcdfFile::handle() const {
  if (!handle_) handle_ = open_handle(path_);
  return handle_->id();
}

CfVariable NetcdfFile::inquire(int id) const {
  const auto check = [&](int status) { check_netcdf(status, "read the header of", path_); };
  char name[NC_MAX_NAME + 1] = {};
  int rank = 0;
  check(nc_inq_var(handle(), id, name, nullptr, &rank, nullptr, nullptr));
  CfVariable variable{id, name, {}};
  std::vector<int> dimensions(static_cast<std::size_t>(rank));
  check(nc_inq_vardimid(handle(), id, dimensions.data()));
  for (const int dimension : dimensions) {
    std::size_t length = 0;
    check(nc_inq_dim(handle(), dimension, name, &length));
    variable.dimensions.push_back({name, length});
  }
  return variable;
}

NetcdfFile::Attributes NetcdfFile::attributes_of(const CfVariable& variable) const {
  constexpr std::size_t kLongest = std::size_t{1} << 20;  // a damaged header says anything
  Attributes attributes;
  int count = 0;
  check_netcdf(variable.id == NC_GLOBAL ? nc_inq_natts(handle(), &count)
                                        : nc_inq_varnatts(handle(), variable.id, &count),
               "read the header of", path_);
  for (int i = 0; i < count; ++i) {
    char name[NC_MAX_NAME + 1] = {};
    nc_type type = NC_NAT;
    std::size_t length = 0;
    const auto check = [&](int status) {
      check_netcdf(status, fmt::format("read '{}:{}' from", variable.name, name), path_);
    };
    check(nc_inq_attname(handle(), variable.id, i, name));
    check(nc_inq_att(handle(), variable.id, name, &type, &length));
    if (length == 0 || length > kLongest) continue;
    if (type == NC_CHAR) {
      std::string text(length, '\0');
      check(nc_get_att_text(handle(), variable.id, name, text.data()));
      attributes.texts[name] = text.substr(0, text.find('\0'));
    } else if (type == NC_STRING && length == 1) {
      char* text = nullptr;
      check(nc_get_att_string(handle(), variable.id, name, &text));
      attributes.texts[name] = text ? text : "";
      nc_free_string(1, &text);
    } else if (type >= NC_BYTE && type <= NC_UINT64) {
      std::vector<double> values(length);
      check(nc_get_att_double(handle(), variable.id, name, values.data()));
      attributes.numbers[name] = values.front();
    }
  }
  return attributes;
}

std::string NetcdfFile::text(const CfVariable& variable, const char* attribute) const {
  const auto& texts = attributes_.at(variable.id).texts;
  const auto found = texts.find(attribute);
  return found == texts.end() ? "" : found->second;
}

std::optional<double> NetcdfFile::number(const CfVariable& variable, const char* attribute) const {
  const auto& numbers = attributes_.at(variable.id).numbers;
  const auto found = numbers.find(attribute);
  return found == numbers.end() ? std::nullopt : std::optional(found->second);
}

std::vector<double> NetcdfFile::stored(const CfVariable& variable,
                                       std::span<const std::size_t> start,
                                       std::span<const std::size_t> count) const {
  constexpr std::size_t kMost = std::size_t{1} << 25;  // a damaged header says anything
  std::size_t size = 1;
  for (const std::size_t length : count) {
    if (length > 0 && size > kMost / length)
      fail("cannot read '{}' from {}: that is more than {} values at once", variable.name,
           path_.string(), kMost);
    size *= length;
  }
  std::vector<double> values(size);
  const Doing doing(kReading, path().c_str());
  check_netcdf(nc_get_vara_double(handle(), variable.id, start.data(), count.data(), values.data()),
               fmt::format("read '{}' from", variable.name), path_);
  return values;
}

std::unique_ptr<const CfFile> open_netcdf(const std::filesystem::path& path) {
  return std::make_unique<const NetcdfFile>(path);
}

}  // namespace ladcast
