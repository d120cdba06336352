#include "nodes/ingest/file_format.h"

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <string>

#include "graph/error.h"

namespace ladcast {
namespace {

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

}  // namespace

FileFormat format_of(const std::filesystem::path& path) {
  if (path.string().find(":/") != std::string::npos)
    fail("cannot open {}: only local files are read; download it first", path.string());
  std::ifstream file(path, std::ios::binary);
  if (!file) fail("cannot open {}: {}", path.string(), std::strerror(errno));
  if (std::filesystem::is_directory(path)) fail("cannot open {}: it is a folder", path.string());
  std::string head(4096, '\0');
  file.read(head.data(), static_cast<std::streamsize>(head.size()));
  head.resize(static_cast<std::size_t>(file.gcount()));
  if (head.empty()) return FileFormat::empty;
  if (head.starts_with("CDF") || head.starts_with("\x89HDF")) return FileFormat::netcdf;
  if (head.find("GRIB") != std::string::npos) return FileFormat::grib;
  if (head.starts_with("PK")) return FileFormat::zip;
  const std::string text = lower(head);
  if (text.find("<html") != std::string::npos || text.find("<!doctype") != std::string::npos)
    return FileFormat::web_page;
  return FileFormat::unknown;
}

void require_format(const std::filesystem::path& path, FileFormat wanted) {
  const FileFormat found = format_of(path);
  if (found == wanted || found == FileFormat::unknown) return;
  const auto refuse = [&path](const char* why) { fail("cannot open {}: {}", path.string(), why); };
  switch (found) {
    case FileFormat::empty:
      return refuse("it is empty");
    case FileFormat::grib:
      return refuse("it is a GRIB file, which 'grib_in' reads");
    case FileFormat::netcdf:
      return refuse("it is a NetCDF file, which 'netcdf_in' reads");
    case FileFormat::zip:
      return refuse(
          "it is a zip archive, as the Climate Data Store sends several step types; unzip it "
          "first");
    default:
      return refuse("it is a web page: the download did not bring the data");
  }
}

}  // namespace ladcast
