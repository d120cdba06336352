#include "nodes/values/model_param.h"

#include "graph/install.h"

namespace ladcast {

Model ParamTraits<Model>::read(const Setting& setting) {
  std::vector<std::filesystem::path> search = {"pipelines/models"};
  if (const auto& source = setting.position().source)
    for (const auto& root : {source->folder, source->folder / ".."}) {
      search.push_back(root / "models");
      search.push_back(root / "pipelines" / "models");
    }
  search.push_back(installed_data_folder() / "pipelines" / "models");
  return Model::read(find_model(setting.as_text(), search));
}

}  // namespace ladcast
