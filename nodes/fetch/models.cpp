#include "nodes/fetch/models.h"

#include <fmt/ranges.h>

#include <set>

#include "graph/text.h"
#include "nodes/values/model.h"
#include "nodes/values/model_folders.h"

namespace ladcast {
namespace {

namespace fs = std::filesystem;

const ModelLibrary library({list_models, fetch_model});

/// Whether `fetch` knows where files of the model itself or of its autoencoder are.
bool can_be_fetched(const Model& model) {
  if (!model.fetch.files.empty()) return true;
  return is_model(model.autoencoder) && !Model::read(model.autoencoder).fetch.files.empty();
}

std::string files_text(const Model& model) {
  const auto all = model.files().size(), missing = model.missing_files().size();
  if (missing == 0) return fmt::format("all {} files are there", all);
  std::string text = fmt::format("{} of {} files are missing", missing, all);
  if (can_be_fetched(model)) return text + fmt::format("; 'ladcast-flow fetch {}'", model.name);
  if (model.fetch.base.empty()) return text;
  return text + ", published at " + model.fetch.base;
}

std::string describe(const fs::path& folder) {
  const std::string name = folder.filename();
  try {
    const Model model = Model::read(folder);
    return fmt::format("{}: {}\n  licence {}\n  {}: {}\n", name, model.title, model.licence,
                       folder.string(), files_text(model));
  } catch (const Error& error) {
    return fmt::format("{}: cannot be read\n  {}\n", name, error.what());
  }
}

}  // namespace

std::string list_models() {
  const auto shipped = shipped_model_folders();
  const auto folders = model_folders(shipped);
  std::string text;
  std::set<std::string> shown;  // a model hides those of its name in later folders
  for (const auto& folder : folders)
    for (const auto& name : models_in(folder))
      if (shown.insert(name).second) text += describe(folder / name);
  if (!text.empty()) return text;
  std::vector<std::string> looked;
  for (const auto& folder : folders) looked.push_back(folder.string());
  fail("there are no models; looked in {}", fmt::join(looked, ", "));
}

}  // namespace ladcast
