#include "graph/flatten.h"

namespace ladcast {

std::vector<std::pair<std::string, std::string>> flatten(const Setting& setting,
                                                         const std::string& path) {
  if (!setting.is_table()) return {{path, setting.to_toml()}};
  std::vector<std::pair<std::string, std::string>> values;
  for (const auto& entry : setting.table())
    for (auto& value : flatten(entry.value, path.empty() ? entry.key : path + "." + entry.key))
      values.push_back(std::move(value));
  return values;
}

}  // namespace ladcast
