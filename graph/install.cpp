#include "graph/install.h"

namespace ladcast {
namespace {

std::filesystem::path program_folder() {
  std::error_code unknown;
  return std::filesystem::read_symlink("/proc/self/exe", unknown).parent_path();
}

}  // namespace

std::vector<std::filesystem::path> installed_plugin_folders() {
  return {program_folder() / "plugins", (program_folder() / LADCAST_PLUGINS).lexically_normal()};
}

std::filesystem::path installed_data_folder() {
  return (program_folder() / LADCAST_DATA).lexically_normal();
}

}  // namespace ladcast
