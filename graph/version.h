// What --version prints.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace ladcast {

/// A line of --version. A source file that uses a library adds one:
///   static const VersionNote note{"netCDF", [] { return std::string(nc_inq_libvers()); }};
class VersionNote {
 public:
  VersionNote(const std::string& library, std::function<std::string()> version);
};

/// "ladcast-flow 0.1.0".
std::string program_version();

/// Versions of the libraries, by name.
std::vector<std::pair<std::string, std::string>> library_versions();
/// The version of a library, or an empty text where no source file uses it.
std::string version_of(const std::string& library);

/// The program's version and those of its libraries, a line each, by name.
std::string version_text();

}  // namespace ladcast
