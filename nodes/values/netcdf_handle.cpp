#include "nodes/values/netcdf_handle.h"

#include <hdf5.h>
#include <netcdf.h>

#include <fstream>
#include <utility>

#include "graph/error.h"
#include "graph/version.h"

namespace ladcast {
namespace {

const VersionNote version{"netCDF", [] {
                            const std::string text = nc_inq_libvers();  // "4.9.0 of Aug  7 2022 …"
                            return text.substr(0, text.find(' '));
                          }};

/// Must come before all other uses of HDF5, which netCDF-4 files are made of, on each thread.
/// HDF5 prints its errors, even those that netCDF expects, unless told otherwise; it keeps that
/// setting by thread, and netCDF only tells it on the thread that came first. And at exit HDF5
/// crashes over a file that could not be closed because the disk was full; without it there is
/// nothing to do at exit, as every handle closes its file.
void prepare_hdf5() {
  [[maybe_unused]] static const bool at_exit = H5dont_atexit() >= 0;
  [[maybe_unused]] thread_local const bool quiet = H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr) >= 0;
}

/// What a file is that cannot be opened, where that helps.
std::string kind_of(const std::filesystem::path& path) {
  char start[4] = {};
  std::ifstream(path, std::ios::binary).read(start, sizeof start);
  const std::string_view magic(start, sizeof start);
  return magic.substr(1) == "HDF" ? "; it is cut off or damaged" : "";
}

}  // namespace

void check_netcdf(int status, std::string_view what, const std::filesystem::path& path) {
  if (status == NC_NOERR) return;
  std::string reason = nc_strerror(status);
  if (status == NC_EHDFERR) {  // which says nothing; often the disk is full
    std::error_code unknown;
    const auto space =
        std::filesystem::space(std::filesystem::absolute(path).parent_path(), unknown);
    if (!unknown) reason += fmt::format(" ({} kB are free there)", space.available / 1000);
  }
  fail("cannot {} {}: {}", what, path.string(), reason);
}

NetcdfHandle NetcdfHandle::open(const std::filesystem::path& path) {
  prepare_hdf5();
  int id = -1;
  const int status = nc_open(path.c_str(), NC_NOWRITE, &id);
  if (status != NC_NOERR)
    fail("cannot open {}: {}{}", path.string(), nc_strerror(status), kind_of(path));
  return {id, path};
}

NetcdfHandle NetcdfHandle::create(const std::filesystem::path& path) {
  prepare_hdf5();
  int id = -1;
  check_netcdf(nc_create(path.c_str(), NC_NETCDF4 | NC_CLOBBER, &id), "create", path);
  return {id, path};
}

NetcdfHandle::NetcdfHandle(NetcdfHandle&& other) noexcept
    : id_(std::exchange(other.id_, -1)), path_(std::move(other.path_)) {}

NetcdfHandle& NetcdfHandle::operator=(NetcdfHandle&& other) noexcept {
  std::swap(id_, other.id_);
  std::swap(path_, other.path_);
  return *this;
}

NetcdfHandle::~NetcdfHandle() {
  if (id_ >= 0) nc_close(id_);
}

void NetcdfHandle::close() {
  if (id_ >= 0) check_netcdf(nc_close(std::exchange(id_, -1)), "finish writing", path_);
}

}  // namespace ladcast
