#include "graph/version.h"

#include <fmt/format.h>
#include <tbb/version.h>
#include <toml++/toml.h>

#include <map>

#include "graph/text.h"

namespace ladcast {
namespace {

std::map<std::string, std::function<std::string()>>& notes() {
  static std::map<std::string, std::function<std::string()>> map;
  return map;
}

const VersionNote fmt_note{"fmt", [] {
                             return fmt::format("{}.{}.{}", FMT_VERSION / 10000,
                                                FMT_VERSION / 100 % 100, FMT_VERSION % 100);
                           }};
const VersionNote tbb_note{"oneTBB", [] {
                             // TBB_VERSION_STRING may be that of another build; the loaded library
                             // tells its interface.
                             return fmt::format("{} (loaded interface {})", TBB_VERSION_STRING,
                                                TBB_runtime_interface_version());
                           }};
const VersionNote toml_note{
    "toml++",
    [] { return fmt::format("{}.{}.{}", TOML_LIB_MAJOR, TOML_LIB_MINOR, TOML_LIB_PATCH); }};

}  // namespace

VersionNote::VersionNote(const std::string& library, std::function<std::string()> version) {
  notes()[library] = std::move(version);
}

std::string program_version() { return "ladcast-flow " LADCAST_VERSION; }

std::vector<std::pair<std::string, std::string>> library_versions() {
  std::vector<std::pair<std::string, std::string>> versions;
  for (const auto& [library, version] : notes()) versions.emplace_back(library, version());
  return versions;
}

std::string version_of(const std::string& library) {
  const auto found = notes().find(library);
  return found == notes().end() ? "" : found->second();
}

std::string version_text() {
  std::vector<TableRow> rows;
  for (const auto& [library, version] : library_versions()) rows.push_back({library, version});
  return program_version() + "\n" + format_table(rows, "ll", 2);
}

}  // namespace ladcast
