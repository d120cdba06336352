#include "nodes/values/model_folders.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>
#include <set>
#include <string_view>

#include "graph/error.h"
#include "graph/install.h"
#include "nodes/values/model.h"

namespace ladcast {

namespace fs = std::filesystem;

fs::path model_cache() {
  const char* home = std::getenv("HOME");
  return home && *home ? fs::path(home) / ".cache/ladcast-flow/models" : fs::path();
}

std::vector<fs::path> shipped_model_folders() {
  return {"pipelines/models", installed_data_folder() / "pipelines" / "models"};
}

std::vector<fs::path> model_folders(std::span<const fs::path> search) {
  std::vector<fs::path> folders;
  if (const char* list = std::getenv("LADCAST_MODELS")) {
    std::string_view rest = list;
    while (!rest.empty()) {
      const auto colon = std::min(rest.find(':'), rest.size());
      if (colon > 0) folders.emplace_back(rest.substr(0, colon));
      rest.remove_prefix(std::min(colon + 1, rest.size()));
    }
  }
  if (const auto cache = model_cache(); !cache.empty()) folders.push_back(cache);
  folders.insert(folders.end(), search.begin(), search.end());
  return folders;
}

bool is_model(const fs::path& folder) {
  std::error_code ignored;
  return fs::is_regular_file(folder / "model.toml", ignored);
}

std::vector<std::string> models_in(const fs::path& folder) {
  std::set<std::string> names;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored))
    if (is_model(entry.path())) names.insert(entry.path().filename());
  return {names.begin(), names.end()};
}

fs::path find_model(const std::string& name, std::span<const fs::path> search) {
  if (is_model(name)) return name;
  std::set<std::string> tried, there;
  for (const auto& folder : model_folders(search)) {
    if (is_model(folder / name)) return folder / name;
    tried.insert(fs::absolute(folder).lexically_normal().string());
    for (const auto& model : models_in(folder)) there.insert(model);
  }
  fail(
      "there is no model '{}' (models that are there: {}; looked for {}/model.toml in {}, and in "
      "{})",
      name, there.empty() ? "none" : fmt::format("{}", fmt::join(there, ", ")), name,
      fs::current_path().string(), fmt::join(tried, ", "));
}

}  // namespace ladcast
